package com.matih.tenantmigration.activities.objectstorage.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** What goes over the wire, and whether a server that keeps bytes computes the same signature. */
final class Utf8HeaderClientTest {

  private static final String DISPOSITION = "attachment; filename=\"Übersicht 日本 €.pdf\"";

  @ParameterizedTest
  @ValueSource(strings = {"Grüße Ä", "日本語 😀", "plain", ""})
  void aSignatureHoldsForTheBytesThatAreSent(String value) throws Exception {
    try (OneRequest server = new OneRequest("HTTP/1.1 200 OK\r\nETag: \"e\"\r\n");
        ObjectStore store = server.open()) {
      var unused =
          store.call(
              "put",
              s3 ->
                  s3.putObject(
                      put ->
                          put.bucket("bucket")
                              .key("a//b c/ü%20")
                              .contentDisposition(DISPOSITION)
                              .metadata(Map.of("note", value)),
                      RequestBody.fromString("content")));

      Received received = server.received.get();
      assertThat(received.headers()).containsEntry("content-disposition", DISPOSITION);
      assertThat(received.headers()).containsEntry("x-amz-meta-note", value);
      assertThat(received.target()).isEqualTo("/bucket/a//b%20c/%C3%BC%2520");
      assertThat(received.body()).isEqualTo("content");
      assertThat(received.signature()).isEqualTo(received.expectedSignature());
    }
  }

  @Test
  void whatIsReadAsUtf8IsReadAsItIs() throws Exception {
    try (OneRequest server =
            new OneRequest(
                "HTTP/1.1 200 OK\r\nContent-Disposition: %s\r\nx-amz-meta-note: Ä\r\n"
                    .formatted(DISPOSITION));
        ObjectStore store = server.open()) {
      var head = store.head("key");

      assertThat(head.contentDisposition()).isEqualTo(DISPOSITION);
      assertThat(head.metadata()).containsEntry("note", "Ä");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreNotTakenForAnythingElse() {
    assertThat(Utf8Headers.isWhole(Utf8Headers.decode("caf\u00e9"))).isFalse();
    assertThat(Utf8Headers.isWhole(Utf8Headers.decode("caf\u00c3\u00a9"))).isTrue();
  }

  private record Received(String method, String target, Map<String, String> headers, String body) {

    String signature() {
      return headers.get("authorization").replaceAll(".*Signature=", "");
    }

    /** As the manual of signature version 4 says, from the bytes that arrived. */
    String expectedSignature() throws GeneralSecurityException {
      String authorization = headers.get("authorization");
      String scope = authorization.replaceAll(".*Credential=[^/]+/([^,]+),.*", "$1");
      String names = authorization.replaceAll(".*SignedHeaders=([^,]+),.*", "$1");
      StringBuilder canonical = new StringBuilder(method + "\n" + target + "\n\n");
      for (String name : names.split(";", -1)) {
        canonical.append(name).append(':').append(headers.get(name).strip()).append('\n');
      }
      canonical.append('\n').append(names).append('\n');
      canonical.append(headers.get("x-amz-content-sha256"));
      String toSign =
          "AWS4-HMAC-SHA256\n%s\n%s\n%s"
              .formatted(
                  headers.get("x-amz-date"),
                  scope,
                  HexFormat.of()
                      .formatHex(
                          MessageDigest.getInstance("SHA-256")
                              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8))));
      byte[] key = "AWS4secret".getBytes(StandardCharsets.UTF_8);
      for (String part : scope.split("/", -1)) {
        key = hmac(key, part);
      }
      return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A server that keeps the bytes of one request. */
  private static final class OneRequest implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Received> received;

    OneRequest(String head) throws IOException {
      this.received = CompletableFuture.supplyAsync(() -> serve(head));
    }

    private Received serve(String head) {
      try (Socket client = socket.accept()) {
        InputStream in = client.getInputStream();
        String[] first = line(in).split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          int colon = line.indexOf(':');
          headers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        if (headers.containsKey("expect")) {
          client
              .getOutputStream()
              .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        client
            .getOutputStream()
            .write((head + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        return new Received(first[0], first[1], headers, body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int read = in.read(); read != '\n' && read >= 0; read = in.read()) {
        line.write(read);
      }
      return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    ObjectStore open() {
      return new ObjectStores(TestSecrets.of(name -> null))
          .open(
              new Location(
                  "http://127.0.0.1:" + socket.getLocalPort(),
                  "us-east-1",
                  "bucket",
                  "",
                  "key",
                  "secret"),
              ProgressMonitor.unmonitored());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
