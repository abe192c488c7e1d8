package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.SilentServer;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Work that waits for an object storage's answer while an operator wants it to stop; the client
 * itself gives up after 30 s of silence.
 */
class BlockedObjectStorageTest {

  private final CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
  private SilentServer server;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    server = new SilentServer();
    store =
        new ObjectStores(new SecretResolver())
            .open(
                new Location(
                    "http://" + server.address(), "us-east-1", "bucket", "", "key", "secret"),
                monitor);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    server.close();
  }

  @Test
  void aCancelEndsAStepThatWaitsForAListing() {
    cancelOnceReceived("GET /bucket", () -> store.look());
  }

  @Test
  void aCancelEndsThreadsThatWaitForAnObject() {
    cancelOnceReceived(
        "HEAD /bucket/object",
        () -> {
          try (WorkerPool pool = new WorkerPool("object", 2, monitor)) {
            pool.submit(() -> store.head("object"));
            pool.awaitAll();
          }
        });
  }

  private void cancelOnceReceived(String request, Runnable work) {
    CompletableFuture<Void> running = CompletableFuture.runAsync(work);
    await().until(() -> server.hasReceived(request));
    assertThat(running).as("it waits").isNotDone();

    monitor.cancel();

    assertThatExceptionOfType(Exception.class)
        .isThrownBy(running::join)
        .havingCause()
        .isInstanceOfSatisfying(
            MigrationException.class,
            failure -> assertThat(failure.type()).isEqualTo(FailureType.CANCELLED));
    assertThat(monitor.millisSinceCancel()).isLessThan(CancellableMonitor.PROMISED_MILLIS);
  }
}
