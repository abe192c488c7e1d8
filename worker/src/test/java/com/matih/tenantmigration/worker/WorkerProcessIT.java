package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerProcessIT {

  @Test
  void aRunningWorkerIsReadyAndShowsItsMetricsUntilItIsStopped() throws Exception {
    try (TestPlatform platform = new TestPlatform()) {
      URI address = platform.worker().address();

      assertThat(platform.worker().isReady()).isTrue();
      assertThat(get(address, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(address, "/livez").statusCode()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(get(address, "/metrics").body())
                      .contains("temporal_num_pollers", "jvm_memory_used_bytes"));

      platform.worker().close();

      assertThat(platform.worker().isReady()).isFalse();
      assertThatThrownBy(() -> get(address, "/livez")).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aSecondWorkerBesideTheFirstFindsTheControlPlaneUpToDate() throws SQLException {
    try (TestPlatform platform = new TestPlatform();
        WorkerProcess second = platform.startWorker()) {
      assertThat(second.isReady()).isTrue();
    }
  }

  @Test
  void withoutItsControlPlaneAWorkerDoesNotStartAndSaysWhy() {
    WorkerConfiguration configuration =
        new WorkerConfiguration(
            null,
            new ControlPlaneDatabase("jdbc:postgresql://127.0.0.1:1/control", "u", null),
            new Http(null, 0),
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    assertThatThrownBy(() -> WorkerProcess.start(configuration))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("control plane database");
  }

  @Test
  @NeedsTemporalServer
  void whereItsNamespaceIsNotThereAWorkerDoesNotStartAndNamesIt() throws SQLException {
    try (TestPlatform platform = new TestPlatform()) {
      String address = platform.temporal().address();

      assertThatThrownBy(() -> platform.startWorker(new TemporalService(address, "nowhere"), null))
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("Temporal at %s has no namespace 'nowhere'".formatted(address));
    }
  }

  private static HttpResponse<String> get(URI address, String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
  }
}
