package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.SilentServer;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Cluster;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Work that waits for a cluster's answer while an operator wants it to stop; the client itself
 * gives up after 90 s of silence.
 */
class BlockedElasticsearchTest {

  private final CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
  private SilentServer server;

  @BeforeEach
  void open() throws IOException {
    server = new SilentServer();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aCancelEndsAStepThatWaitsForAnAnswer() {
    Cluster silent = new Cluster("http://" + server.address(), null);
    ElasticsearchSpec spec = new ElasticsearchSpec(silent, silent, List.of());

    server.assertCancelEnds(
        () -> {
          try (SearchCluster cluster =
              new ElasticsearchClients(TestSecrets.of(name -> null)).shared(spec, monitor)) {
            var unused = cluster.get("describe an index", "/shared-events");
          }
        },
        "GET /shared-events",
        monitor);
  }
}
