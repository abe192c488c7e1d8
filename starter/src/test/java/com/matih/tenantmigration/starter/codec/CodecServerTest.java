package com.matih.tenantmigration.starter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import com.matih.tenantmigration.embedded.testing.NeedsBrowser;
import com.matih.tenantmigration.embedded.tools.Browser;
import com.matih.tenantmigration.starter.MissingSettingException;
import com.matih.tenantmigration.starter.codec.CodecServer.Access;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.sun.net.httpserver.HttpServer;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DefaultDataConverter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the codec server answers, and what. */
class CodecServerTest {

  private static final String TOKEN = "a-token-of-this-test";
  private static final String BEARER = "Bearer " + TOKEN;
  private static final String ORIGIN = "https://temporal.example";
  private static final String VALUE = "jdbc:postgresql://db.acme.example/shop";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final PayloadEncryption ENCRYPTION = encryption("a", 1);

  private static CodecServer server;

  @BeforeAll
  static void start() {
    server = CodecServer.start(ENCRYPTION, access(TOKEN, Set.of(ORIGIN)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PayloadEncryption encryption(String id, int fill) {
    byte[] key = new byte[32];
    key[0] = (byte) fill;
    return PayloadEncryption.of(
        Map.of(
            "TENANT_MIGRATION_PAYLOAD_KEYS",
            id + "=${env:KEY}",
            "KEY",
            Base64.getEncoder().encodeToString(key)));
  }

  private static Access access(@Nullable String token, Set<String> origins) {
    return new Access(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), token, origins);
  }

  @Test
  void itDecodesWhatAWorkerEncrypted() throws Exception {
    HttpResponse<String> answer = post("/decode", json(ENCRYPTION.encode(plain())));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(payloads(answer)).isEqualTo(plain());
  }

  @Test
  void itEncodesWhatAWorkerReads() throws Exception {
    // the end of the path tells, as with an endpoint of …/{namespace}
    HttpResponse<String> answer = post("/codec/default/encode", json(plain()));

    assertThat(answer.statusCode()).isEqualTo(200);
    List<Payload> encrypted = payloads(answer);
    assertThat(encrypted.toString()).doesNotContain("acme");
    assertThat(ENCRYPTION.decode(encrypted)).isEqualTo(plain());
  }

  @Test
  void whatIsNotEncryptedIsAnsweredAsItIs() throws Exception {
    assertThat(payloads(post("/decode", json(plain())))).isEqualTo(plain());
    assertThat(post("/decode", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutTheTokenNothingIsAnswered() throws Exception {
    String body = json(ENCRYPTION.encode(plain()));
    for (String authorization : List.of("", TOKEN, "Bearer ", BEARER + "x", "Bearer a-token-of")) {
      HttpResponse<String> answer =
          send("POST", "/decode", body, "Authorization", authorization, "X-Namespace", "default");
      assertThat(answer.statusCode()).as(authorization).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(answer.body()).doesNotContain("acme");
    }
  }

  @Test
  void whatCannotBeDecryptedSaysWhichKeyIsMissing() throws Exception {
    HttpResponse<String> other =
        post("/decode", json(encryption("of-last-year", 2).encode(plain())));
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("key 'of-last-year', which this process does not have");

    HttpResponse<String> wrong = post("/decode", json(encryption("a", 2).encode(plain())));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("cannot be decrypted with key 'a'");
  }

  @Test
  void whatIsNoRequestIsRefusedWithoutRepeatingIt() throws Exception {
    for (String body :
        List.of("", "[", "{\"payloads\": \"jane\"}", "{\"payloads\":[{\"data\":7}]}")) {
      HttpResponse<String> answer = post("/decode", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body())
          .startsWith("The body is not JSON of payloads")
          .doesNotContain("jane");
    }
    assertThat(post("/", "{}").statusCode()).isEqualTo(404);
    assertThat(post("/decode/x", "{}").statusCode()).isEqualTo(404);
    HttpResponse<String> get = send("GET", "/decode", "", "Authorization", BEARER);
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
  }

  @Test
  void aBodyMayBeAsLargeAsTheBoundAndNoLarger() throws Exception {
    String space = " ".repeat(CodecHandler.MOST_BYTES - 2);
    assertThat(post("/decode", "{" + space + "}").statusCode()).isEqualTo(200);
    assertThat(post("/decode", "{ " + space + "}").statusCode()).isEqualTo(413);
  }

  @Test
  void aPageOfAnAllowedOriginMayAskAndNoOther() throws Exception {
    HttpResponse<String> preflight = preflight(ORIGIN);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().map())
        .containsEntry("access-control-allow-origin", List.of(ORIGIN))
        .containsEntry("access-control-allow-credentials", List.of("true"))
        .containsEntry(
            "access-control-allow-headers", List.of("Authorization, Content-Type, X-Namespace"))
        .containsEntry("vary", List.of("Origin"));

    for (String origin :
        List.of(
            "https://evil.example", ORIGIN + ".evil.example", "http://temporal.example", "null")) {
      assertThat(preflight(origin).statusCode()).as(origin).isEqualTo(403);
      HttpResponse<String> asked =
          send(
              "POST",
              "/decode",
              json(ENCRYPTION.encode(plain())),
              "Authorization",
              BEARER,
              "Origin",
              origin);
      assertThat(asked.statusCode()).as(origin).isEqualTo(403);
      assertThat(asked.headers().map()).doesNotContainKey("access-control-allow-origin");
      assertThat(asked.body()).doesNotContain("acme");
    }
  }

  private static HttpResponse<String> preflight(String origin) throws Exception {
    return send(
        "OPTIONS", "/decode", "", "Origin", origin, "Access-Control-Request-Method", "POST");
  }

  @Test
  @NeedsBrowser
  void aBrowserLetsAPageOfAnAllowedOriginAskAndNoOther(@TempDir Path folder) throws Exception {
    HttpServer page =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String allowed = "http://127.0.0.1:" + page.getAddress().getPort();
    try (CodecServer codec = CodecServer.start(ENCRYPTION, access(TOKEN, Set.of(allowed)))) {
      byte[] text =
          page("http://127.0.0.1:%d/decode".formatted(codec.port()))
              .getBytes(StandardCharsets.UTF_8);
      page.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
              exchange.sendResponseHeaders(200, text.length);
              exchange.getResponseBody().write(text);
            }
          });
      page.start();

      assertThat(Browser.document(allowed, folder(folder, "allowed")))
          .contains(
              "<title>"
                  + Base64.getEncoder().encodeToString(plain().get(0).getData().toByteArray()));
      assertThat(
              Browser.document(allowed.replace("127.0.0.1", "localhost"), folder(folder, "other")))
          .contains("<title>TypeError");
    } finally {
      page.stop(0);
    }
  }

  private static Path folder(Path folder, String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** Asks as Temporal's UI does. */
  private static String page(String endpoint) throws IOException {
    return """
    <!DOCTYPE html><html><head><title>asking</title></head><body><script>
    fetch('%s', {
      method: 'POST',
      credentials: 'include',
      headers: {'Content-Type': 'application/json', 'X-Namespace': 'default', 'Authorization': '%s'},
      body: JSON.stringify(%s)
    }).then(answer => answer.json())
      .then(answer => { document.title = answer.payloads[0].data; })
      .catch(failure => { document.title = failure.name; });
    </script></body></html>
    """
        .formatted(endpoint, BEARER, json(ENCRYPTION.encode(plain())));
  }

  @Test
  void onLoopbackItNeedsNoTokenAndElsewhereItDoes() throws Exception {
    try (CodecServer open = CodecServer.start(ENCRYPTION, access(null, Set.of()))) {
      assertThat(send(open, "POST", "/decode", json(ENCRYPTION.encode(plain()))).body())
          .contains(Base64.getEncoder().encodeToString(plain().get(0).getData().toByteArray()));
      // a page whose name leads here for a moment
      assertThat(send(open, "POST", "/decode", "{}", "Origin", "http://evil.example").statusCode())
          .isEqualTo(403);
    }
    assertRefused(new InetSocketAddress(0), null, "--token");
  }

  @Test
  void whatWouldLetAnybodyAskIsRefused() {
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    assertRefused(here, "short", "shorter than 16 characters");
    for (String origin : List.of("*", "https://*.example", "temporal.example", "https://a/b")) {
      assertThatThrownBy(() -> new Access(here, TOKEN, Set.of(origin)))
          .isInstanceOf(MissingSettingException.class)
          .hasMessageContaining("is not an origin");
    }
    assertThatThrownBy(
            () -> CodecServer.start(PayloadEncryption.of(Map.of()), access(TOKEN, Set.of())))
        .isInstanceOf(MissingSettingException.class)
        .hasMessageContaining("TENANT_MIGRATION_PAYLOAD_KEYS is not set");
  }

  private static void assertRefused(
      InetSocketAddress address, @Nullable String token, String words) {
    assertThatThrownBy(() -> new Access(address, token, Set.of()))
        .isInstanceOf(MissingSettingException.class)
        .hasMessageContaining(words);
  }

  private static List<Payload> plain() {
    return List.of(
        DefaultDataConverter.STANDARD_INSTANCE.toPayload(VALUE).orElseThrow(),
        DefaultDataConverter.STANDARD_INSTANCE.toPayload(7).orElseThrow());
  }

  private static String json(List<Payload> payloads) throws IOException {
    return JsonFormat.printer().print(Payloads.newBuilder().addAllPayloads(payloads));
  }

  private static List<Payload> payloads(HttpResponse<String> answer) throws IOException {
    Payloads.Builder payloads = Payloads.newBuilder();
    JsonFormat.parser().merge(answer.body(), payloads);
    return payloads.getPayloadsList();
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send("POST", path, body, "Authorization", BEARER, "X-Namespace", "default");
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    return send(server, method, path, body, headers);
  }

  private static HttpResponse<String> send(
      CodecServer server, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
