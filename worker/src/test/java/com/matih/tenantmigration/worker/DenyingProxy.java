package com.matih.tenantmigration.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An object storage that passes all on to another one, but for writes of the key that it denies.
 */
final class DenyingProxy implements AutoCloseable {

  private static final byte[] DENIED =
      "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
          .getBytes(StandardCharsets.UTF_8);

  /** What the client of the JDK sets by itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");

  private final String endpoint;
  private final String deniedKey;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  DenyingProxy(String endpoint, String deniedKey) throws IOException {
    this.endpoint = endpoint;
    this.deniedKey = deniedKey;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("PUT")
          && exchange.getRequestURI().getPath().endsWith("/" + deniedKey)) {
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        send(exchange, 403, DENIED);
      } else {
        passOn(exchange, body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void passOn(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!isOwn(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!isOwn(name)) {
                exchange.getResponseHeaders().put(name, List.copyOf(values));
              }
            });
    send(exchange, answer.statusCode(), answer.body());
  }

  private static boolean isOwn(String header) {
    return OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
