package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands before a real server, and answers itself, or changes what passes, as it is told. */
final class FaultyProxy implements AutoCloseable {

  private static final Set<String> OF_A_CONNECTION =
      Set.of("host", "content-length", "connection", "expect", "transfer-encoding", "upgrade");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String endpoint;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Fault fault = request -> null;
  private volatile Change requestChange = (request, body) -> body;
  private volatile Change answerChange = (request, body) -> body;
  private volatile HeaderChange headerChange = (request, headers) -> {};

  FaultyProxy(String endpoint) throws IOException {
    this.endpoint = endpoint;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  /** A status and an error code in place of an answer. */
  record Answer(int status, String code, String message) {}

  /**
   * Decides by {@code METHOD /path?query}, {@code copies} where the server copies itself, and the
   * storage class and Object Lock that the request has.
   */
  interface Fault {
    @Nullable Answer of(String request);
  }

  /** Changes the content that passes. */
  interface Change {
    byte[] of(String request, byte[] body);
  }

  /** Changes the headers of an answer. */
  interface HeaderChange {
    void of(String request, Headers headers);
  }

  void changesHeaders(HeaderChange changed) {
    headerChange = changed;
  }

  void answers(Fault changed) {
    fault = changed;
  }

  void changesRequests(Change changed) {
    requestChange = changed;
  }

  void changesAnswers(Change changed) {
    answerChange = changed;
  }

  /** All requests that came, as {@code METHOD /path?query}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** The same place, through this proxy. */
  Location before(Location location) {
    return new Location(
        "http://127.0.0.1:" + server.getAddress().getPort(),
        location.region(),
        location.bucket(),
        location.prefix(),
        location.accessKey(),
        location.secretKey());
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = inWords(exchange);
      requests.add(request);
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer own = fault.of(request);
      if (own != null) {
        answer(exchange, own);
        return;
      }
      forward(exchange, request, requestChange.of(request, body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String inWords(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    StringBuilder words = new StringBuilder(exchange.getRequestMethod());
    words.append(' ').append(exchange.getRequestURI());
    if (headers.containsKey("x-amz-copy-source")) {
      words.append(" copies");
    }
    append(words, " in ", headers.getFirst("x-amz-storage-class"));
    append(words, " lock ", headers.getFirst("x-amz-object-lock-mode"));
    append(words, " until ", headers.getFirst("x-amz-object-lock-retain-until-date"));
    append(words, " hold ", headers.getFirst("x-amz-object-lock-legal-hold"));
    return words.toString();
  }

  private static void append(StringBuilder words, String name, @Nullable String value) {
    if (value != null) {
      words.append(name).append(value);
    }
  }

  private static void answer(HttpExchange exchange, Answer own) throws IOException {
    byte[] text =
        "<Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(own.code(), own.message())
            .getBytes(StandardCharsets.UTF_8);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(own.status(), isHead ? -1 : text.length);
    if (!isHead) {
      exchange.getResponseBody().write(text);
    }
  }

  private void forward(HttpExchange exchange, String request, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(URI.create(endpoint + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> forwarded.header(name, value));
              }
            });
    HttpResponse<byte[]> answer =
        client.send(forwarded.build(), HttpResponse.BodyHandlers.ofByteArray());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    headerChange.of(request, exchange.getResponseHeaders());
    byte[] changed = answerChange.of(request, answer.body());
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    if (isHead) {
      answer
          .headers()
          .firstValue("content-length")
          .ifPresent(length -> exchange.getResponseHeaders().add("Content-Length", length));
    }
    exchange.sendResponseHeaders(
        answer.statusCode(), isHead || changed.length == 0 ? -1 : changed.length);
    if (!isHead && changed.length > 0) {
      exchange.getResponseBody().write(changed);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
