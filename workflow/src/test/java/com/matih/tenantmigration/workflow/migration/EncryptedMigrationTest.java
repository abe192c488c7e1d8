package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A history that was recorded encrypted replays with its key, and one of before without. */
class EncryptedMigrationTest {

  private static final PayloadEncryption ENCRYPTION =
      PayloadEncryption.of(
          Map.of(
              "TENANT_MIGRATION_PAYLOAD_KEYS",
              "a=${env:KEY}",
              "KEY",
              Base64.getEncoder().encodeToString(new byte[32])));

  @Test
  void anEncryptedHistoryReplaysWithItsKeyAlone() throws Exception {
    WorkflowExecutionHistory history;
    try (MigrationHarness harness = MigrationHarness.with(ENCRYPTION)) {
      assertThat(harness.migrate(MigrationHarness.request(Approval.AUTOMATIC)).outcome())
          .isEqualTo(Outcome.COMPLETED);
      // as it lies in a file
      history =
          WorkflowExecutionHistory.fromJson(
              harness.client().fetchHistory(TemporalNames.workflowId("acme")).toJson(true),
              TemporalNames.workflowId("acme"));
    }
    assertThat(history.getHistory().toString()).doesNotContain("jdbc:postgresql", "sourceSchema");

    replay(history, ENCRYPTION);

    assertThatThrownBy(() -> replay(history, PayloadEncryption.of(Map.of())))
        .hasStackTraceContaining("encrypted with key 'a', which this process does not have");
  }

  @Test
  void aHistoryOfBeforeTheEncryptionReplays() throws Exception {
    Path recorded = Path.of("src/test/resources/histories/1.1.0/completed.json");

    replay(
        WorkflowExecutionHistory.fromJson(
            Files.readString(recorded), TemporalNames.workflowId("acme")),
        ENCRYPTION);
  }

  private static void replay(WorkflowExecutionHistory history, PayloadEncryption encryption)
      throws Exception {
    try (TestWorkflowEnvironment environment =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(encryption.dataConverter())
                        .build())
                .build())) {
      Worker worker =
          environment.newWorker(
              TemporalNames.TASK_QUEUE,
              WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(20_000).build());
      worker.registerWorkflowImplementationTypes(TenantMigrationWorkflowImpl.class);
      WorkflowReplayer.replayWorkflowExecution(history, worker);
    }
  }
}
