package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An object storage that says SlowDown, as the servers of the tests never do. */
@Execution(ExecutionMode.CONCURRENT)
class SlowedObjectStorageTest {

  private static final byte[] SLOW_DOWN =
      "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
          .getBytes(StandardCharsets.UTF_8);

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private volatile long slowUntil;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    boolean isSlow = System.nanoTime() < slowUntil;
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    if (isSlow) {
      exchange.sendResponseHeaders(503, SLOW_DOWN.length);
      exchange.getResponseBody().write(SLOW_DOWN);
    } else {
      exchange.sendResponseHeaders(200, -1);
    }
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ObjectStore open() {
    return TestBuckets.open(
        new Location(
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "us-east-1",
            "bucket",
            "",
            "key",
            "secret"));
  }

  private static void delete(ObjectStore store, int number) {
    var unused =
        store.call(
            "delete " + number,
            s3 -> s3.deleteObject(delete -> delete.bucket("bucket").key("object-" + number)));
  }

  @Test
  void requestsThatAreSlowedDownBecomeRarerAndEndWell() {
    slowUntil = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    try (ObjectStore store = open()) {
      WorkerPool.workThrough(
          "delete",
          8,
          ProgressMonitor.unmonitored(),
          IntStream.range(0, 32).boxed().toList(),
          any ->
              new WorkerPool.Worker<Integer>() {
                @Override
                public void work(Integer number) {
                  delete(store, number);
                }

                @Override
                public void close() {}
              });
    }

    // eight clients that try again every 100 ms would have sent 800
    assertThat(requests.get()).isBetween(32 + 4, 200);
  }

  @Test
  void aStoreThatRefusesEverythingFailsTheAttempt() {
    slowUntil = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    long begun = System.nanoTime();
    try (ObjectStore store = open()) {
      MigrationException failure =
          catchThrowableOfType(MigrationException.class, () -> delete(store, 1));

      assertThat(failure.type()).isEqualTo(FailureType.STORE_ERROR);
      assertThat(failure).hasMessageContaining("SlowDown");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
  }
}
