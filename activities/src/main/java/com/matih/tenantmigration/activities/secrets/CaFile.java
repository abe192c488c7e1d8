package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a {@code caFile}: who connects with them trusts no others, not even those
 * that the JVM brings.
 */
public final class CaFile {

  private CaFile() {}

  /**
   * What trusts the certificates alone.
   *
   * @param path as the request names it
   * @throws MigrationException as {@link SecretResolver#file} does, and of type BAD_REQUEST for a
   *     file without certificates
   */
  public static TrustManagerFactory trust(SecretResolver secrets, String path) {
    Path file = secrets.file(path);
    try (InputStream content = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(content);
      if (certificates.isEmpty()) {
        throw notPem(path, null);
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw notPem(path, e);
    }
  }

  /** The same for clients that want a context. */
  public static SSLContext context(TrustManagerFactory trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  private static MigrationException notPem(String path, @Nullable Exception e) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The file %s, which the request names as caFile, has no certificates. Write the CA's"
                + " certificate into it as PEM (-----BEGIN CERTIFICATE-----).")
            .formatted(path),
        e);
  }
}
