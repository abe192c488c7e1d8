package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
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
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shared cluster whose search queue is full, in front of a real one. */
class BusyClusterIT extends IndexLab {

  private static final int DOCUMENTS = 500;
  private static final byte[] REJECTED =
      ("{\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"queue capacity\"},"
              + "\"status\":429}")
          .getBytes(StandardCharsets.UTF_8);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger rejected = new AtomicInteger();
  private HttpServer proxy;
  private volatile long busyUntil;

  @BeforeEach
  void start() throws IOException {
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::pass);
    proxy.start();
    index.fill(DOCUMENTS);
    provisioner.provision(context, MONITOR);
  }

  @AfterEach
  void stop() {
    proxy.stop(0);
  }

  private void pass(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (System.nanoTime() < busyUntil && exchange.getRequestURI().getPath().endsWith("_search")) {
      rejected.incrementAndGet();
      answer(exchange, 429, REJECTED);
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(shared.url() + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Content-Type", "application/json")
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      exchange.getResponseHeaders().add("X-elastic-product", "Elasticsearch");
      answer(exchange, response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private MigrationContext throughProxy() {
    return index.context(
        migrationId, "http://127.0.0.1:" + proxy.getAddress().getPort(), dedicated.url());
  }

  @Test
  void aCopyWaitsForAClusterThatIsTooBusyAndEndsWell() {
    busyUntil = System.nanoTime() + Duration.ofSeconds(6).toNanos();

    var summary = copier.copy(throughProxy(), MONITOR);

    assertThat(summary.elasticsearch().indices())
        .singleElement()
        .satisfies(moved -> assertThat(moved.documents()).isEqualTo(DOCUMENTS));
    assertThat(dedicated.count(index.to())).isEqualTo(DOCUMENTS);
    // slices that try again every 100 ms would have been rejected more often
    assertThat(rejected.get()).isBetween(3, 40);
  }

  @Test
  void aClusterThatRejectsEverythingFailsTheAttempt() {
    busyUntil = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    long begun = System.nanoTime();

    MigrationException failure =
        catchThrowableOfType(MigrationException.class, () -> copier.copy(throughProxy(), MONITOR));

    assertThat(failure.type()).isEqualTo(FailureType.STORE_ERROR);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
  }
}
