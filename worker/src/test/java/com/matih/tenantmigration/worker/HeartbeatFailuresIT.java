package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.matih.tenantmigration.embedded.Temporal;
import com.matih.tenantmigration.embedded.testing.LentTemporal;
import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The SDK keeps a lost heartbeat to itself and its metrics, so that is what the alert asks. */
class HeartbeatFailuresIT {

  private static final Path RULES = Path.of("..", "monitoring", "rules", "tenant-migration.yml");

  @Test
  void aHeartbeatThatFailsIsCountedUnderTheNameThatTheAlertAsksFor() {
    try (LentTemporal temporal = LentTemporal.borrow();
        Metrics metrics = new Metrics();
        TemporalConnection connection =
            TemporalConnection.open(
                new TemporalService(temporal.server().address(), null),
                metrics.scope(),
                Temporal.NO_PROFILE)) {
      WorkflowServiceBlockingStub service =
          connection.client().getWorkflowServiceStubs().blockingStub();
      RecordActivityTaskHeartbeatRequest heartbeat =
          RecordActivityTaskHeartbeatRequest.newBuilder()
              .setNamespace("default")
              .setTaskToken(ByteString.copyFromUtf8("nobody's"))
              .build();

      assertThatThrownBy(() -> service.recordActivityTaskHeartbeat(heartbeat))
          .isInstanceOf(StatusRuntimeException.class);

      await()
          .untilAsserted(
              () ->
                  assertThat(metrics.scrape())
                      .containsPattern(
                          "temporal_request_failure_total\\{.*"
                              + "operation=\"RecordActivityTaskHeartbeat\".*status_code=\"[A-Z_]+\""));
      assertThat(RULES)
          .content()
          .contains("temporal_request_failure_total{operation=\"RecordActivityTaskHeartbeat\"");
    }
  }
}
