package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.SilentServer;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
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
        new ObjectStores(TestSecrets.of(name -> null))
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
    server.assertCancelEnds(() -> store.look(), "GET /bucket", monitor);
  }

  @Test
  void aCancelEndsThreadsThatWaitForAnObject() {
    server.assertCancelEnds(
        () -> {
          try (WorkerPool pool = new WorkerPool("object", 2, monitor)) {
            pool.submit(() -> store.head("object"));
            pool.awaitAll();
          }
        },
        "HEAD /bucket/object",
        monitor);
  }
}
