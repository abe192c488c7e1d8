package com.matih.tenantmigration.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories that earlier workers wrote must replay: a migration outlives a release of the worker.
 */
class ReplayTest {

  /** A busy machine may load classes for longer than the second after which the SDK suspects. */
  private static final WorkerOptions PATIENT =
      WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(20_000).build();

  private static final Path HISTORIES = Path.of("src/test/resources/histories");

  static List<Path> histories() throws IOException {
    try (Stream<Path> files = Files.list(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @Test
  void thereIsAHistoryOfEachWayAMigrationCanGo() throws IOException {
    assertThat(histories())
        .extracting(file -> file.getFileName().toString())
        .contains(
            "approved.json",
            "cancelled-in-copy.json",
            "completed.json",
            "natively-cancelled-in-copy.json",
            "paused-in-copy.json",
            "refused.json",
            "verification-failed.json");
  }

  @ParameterizedTest
  @MethodSource("histories")
  void theWorkflowReplaysWhatAnEarlierOneDid(Path history) throws Exception {
    WorkflowExecutionHistory recorded =
        WorkflowExecutionHistory.fromJson(
            Files.readString(history), TemporalNames.workflowId("acme"));
    try (TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance()) {
      Worker worker = environment.newWorker(TemporalNames.TASK_QUEUE, PATIENT);
      worker.registerWorkflowImplementationTypes(TenantMigrationWorkflowImpl.class);
      WorkflowReplayer.replayWorkflowExecution(recorded, worker);
    }
  }
}
