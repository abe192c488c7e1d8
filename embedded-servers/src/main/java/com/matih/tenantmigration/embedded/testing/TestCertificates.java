package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A private CA, which no machine trusts by itself, and certificates that it signed, in the forms
 * that servers and clients want. The JDK's {@code keytool} makes them.
 */
public final class TestCertificates {

  /** Of all key stores. */
  public static final String PASSWORD = "only-for-tests";

  /** Whose certificate it is. */
  public enum Holder {
    /** A server on this machine. */
    SERVER("san=ip:127.0.0.1,dns:localhost", ""),
    /** The same, with a certificate that has expired. */
    EXPIRED("san=ip:127.0.0.1,dns:localhost", "-startdate -9d -validity 2"),
    /** A server of another name. */
    ELSEWHERE("san=dns:elsewhere.example", ""),
    /** A client. */
    CLIENT("eku=clientAuth", "");

    private final String extension;
    private final String validity;

    Holder(String extension, String validity) {
      this.extension = extension;
      this.validity = validity;
    }

    private String alias() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path folder;
  private final KeyStore keys;

  TestCertificates(Path folder) {
    this.folder = folder;
    try {
      Path all = folder.resolve("all.p12");
      keytool(all, "ca", "CN=Private CA", List.of("-ext", "bc:c"));
      keytool(all, "stranger", "CN=Another CA", List.of("-ext", "bc:c"));
      for (Holder holder : Holder.values()) {
        List<String> options = new ArrayList<>(List.of("-signer", "ca", "-ext", holder.extension));
        if (!holder.validity.isEmpty()) {
          options.addAll(List.of(holder.validity.split(" ")));
        }
        keytool(all, holder.alias(), "CN=migrator", options);
      }
      keys = KeyStore.getInstance(all.toFile(), PASSWORD.toCharArray());
      Files.writeString(ca(), pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
      Files.writeString(
          strangersCa(), pem("CERTIFICATE", keys.getCertificate("stranger").getEncoded()));
      KeyStore trusted = empty();
      trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
      store(trusted, trustStore());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make certificates in " + folder, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make certificates in " + folder, e);
    }
  }

  /** Where all files are. */
  public Path folder() {
    return folder;
  }

  /** The CA's certificate, as PEM. */
  public Path ca() {
    return folder.resolve("ca.pem");
  }

  /** The certificate of a CA that signed none of the others, as PEM. */
  public Path strangersCa() {
    return folder.resolve("strangers-ca.pem");
  }

  /** The CA's certificate, as PKCS12. */
  public Path trustStore() {
    return folder.resolve("trust.p12");
  }

  /** The holder's certificate with its CA's, as PEM. */
  public Path certificate(Holder holder) {
    return written(
        holder.alias() + ".pem",
        () -> {
          StringBuilder chain = new StringBuilder();
          for (var certificate : keys.getCertificateChain(holder.alias())) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
          }
          return chain.toString();
        });
  }

  /** The holder's key, as PEM, which nobody else may read. */
  public Path key(Holder holder) {
    return written(
        holder.alias() + "-key.pem",
        () -> pem("PRIVATE KEY", keys.getKey(holder.alias(), PASSWORD.toCharArray()).getEncoded()));
  }

  /** The holder's key and certificate, as PKCS12. */
  public Path keyStore(Holder holder) {
    Path file = folder.resolve(holder.alias() + ".p12");
    try {
      if (!Files.exists(file)) {
        store(only(holder), file);
      }
      return file;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
  }

  /** For a server's side of connections. */
  public SSLContext serverSide(Holder holder) {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(only(holder), PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot use the certificate of " + holder, e);
    }
  }

  private KeyStore only(Holder holder) throws GeneralSecurityException {
    KeyStore one = empty();
    one.setKeyEntry(
        holder.alias(),
        keys.getKey(holder.alias(), PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        keys.getCertificateChain(holder.alias()));
    return one;
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore empty = KeyStore.getInstance("PKCS12");
      empty.load(null, null);
      return empty;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void store(KeyStore what, Path file) throws GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(file)) {
      what.store(out, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** What a file holds. */
  private interface Content {
    String get() throws GeneralSecurityException;
  }

  private synchronized Path written(String name, Content content) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content.get());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
  }

  private static void keytool(Path store, String alias, String name, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // a JVM that runs for a moment
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name));
    command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(options);
    Programs.Result result = Programs.run(command);
    if (result.status() != 0) {
      throw new IOException(result.output());
    }
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), kind);
  }
}
