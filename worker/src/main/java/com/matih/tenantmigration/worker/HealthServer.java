package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics}, {@code /livez} (the process answers) and {@code /readyz} (it can take
 * work; 503 with the reason otherwise).
 */
final class HealthServer implements AutoCloseable {

  private static final int THREADS = 2;

  private final String host;
  private final HttpServer server;
  private final ExecutorService threads;

  private HealthServer(String host, HttpServer server, ExecutorService threads) {
    this.host = host;
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts serving.
   *
   * @param metrics what {@code /metrics} says
   * @param obstacle why the worker cannot take work, or an empty text
   * @throws MigrationException of type BAD_REQUEST where the address cannot be listened on
   */
  static HealthServer start(Http http, Supplier<String> metrics, Supplier<String> obstacle) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(http.address(), http.port()), 0);
    } catch (IOException e) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          ("The worker cannot listen on %s:%d for metrics and health. Choose another"
                      + " http.port, or 0 for")
                  .formatted(http.address(), http.port())
              + " any free one.",
          e);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            runnable -> {
              Thread thread = new Thread(runnable, "health");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
    server.createContext("/livez", exchange -> answer(exchange, 200, "text/plain", "alive\n"));
    server.createContext(
        "/readyz",
        exchange -> {
          String why = obstacle.get();
          answer(
              exchange,
              why.isEmpty() ? 200 : 503,
              "text/plain",
              why.isEmpty() ? "ready\n" : why + "\n");
        });
    server.start();
    return new HealthServer(http.address(), server, threads);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** The address that it listens on, as it was configured. */
  String host() {
    return host;
  }

  /** The port that it listens on. */
  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
