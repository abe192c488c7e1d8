package com.matih.tenantmigration.worker;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Temporal that speaks TLS alone, asks for a client's certificate, and notes what each call
 * bears: the in-memory server behind the kind of door that a real one has.
 */
final class SecuredTemporal implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final TestServicesStarter services = new TestServicesStarter(true, 0);
  private final Server server;
  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

  SecuredTemporal(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = folder;
    createCertificate();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.forServer(certificate().toFile(), key().toFile())
                    .trustManager(certificate().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .intercept(new Note());
    GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
    server = builder.build().start();
  }

  String address() {
    return "localhost:" + server.getPort();
  }

  /** Of the server, and of a client: both sides trust it. */
  Path certificate() {
    return folder.resolve("certificate.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  Set<String> authorizations() {
    return Set.copyOf(authorizations);
  }

  Set<String> namespaces() {
    return Set.copyOf(namespaces);
  }

  private void createCertificate()
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "RSA",
                    "-alias",
                    "it",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(output);
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Files.writeString(certificate(), pem("CERTIFICATE", keys.getCertificate("it").getEncoded()));
    Files.writeString(
        key(), pem("PRIVATE KEY", keys.getKey("it", PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind);
  }

  @Override
  public void close() {
    server.shutdownNow();
    services.close();
  }

  /** Keeps the metadata by which a service tells who calls. */
  private final class Note implements ServerInterceptor {

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      keep(headers, "authorization", authorizations);
      keep(headers, "temporal-namespace", namespaces);
      return next.startCall(call, headers);
    }

    private static void keep(Metadata headers, String key, Set<String> values) {
      String value = headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
      if (value != null) {
        values.add(value);
      }
    }
  }
}
