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

  /** A folder for each release, the one that is being made included. */
  static List<Path> releases() throws IOException {
    try (Stream<Path> folders = Files.list(HISTORIES)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  static List<Path> histories() throws IOException {
    try (Stream<Path> files = Files.walk(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @Test
  void thereAreTheReleasesThatMigrationsMayHaveBegunWith() throws IOException {
    assertThat(releases()).contains(HISTORIES.resolve("1.0.0"), HISTORIES.resolve("1.1.0"));
  }

  @Test
  void theNewestReleaseHasAHistoryOfWhatIsTriedUntilItIsDoneAndOfRepairs() {
    assertThat(
            Stream.of(
                    "cancelled-in-preflight",
                    "tried-for-long",
                    "repaired-rollback",
                    "repaired-rollback-incomplete",
                    "repaired-completion")
                .map(name -> HISTORIES.resolve("1.1.0").resolve(name + ".json")))
        .allSatisfy(history -> assertThat(history).isNotEmptyFile());
  }

  @ParameterizedTest
  @MethodSource("releases")
  void aReleaseHasAHistoryOfEachWayAMigrationCanGo(Path release) {
    assertThat(
            Stream.of(
                    "approved",
                    "cancelled-in-copy",
                    "completed",
                    "natively-cancelled-in-copy",
                    "paused-in-copy",
                    "refused",
                    "verification-failed")
                .map(name -> release.resolve(name + ".json")))
        .allSatisfy(history -> assertThat(history).isNotEmptyFile());
  }

  @ParameterizedTest
  @MethodSource("histories")
  void theWorkflowReplaysWhatAnEarlierOneDid(Path history) throws Exception {
    WorkflowExecutionHistory recorded =
        WorkflowExecutionHistory.fromJson(
            Files.readString(history), TemporalNames.workflowId("acme"));
    try (TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance()) {
      Worker worker = environment.newWorker(TemporalNames.TASK_QUEUE, PATIENT);
      worker.registerWorkflowImplementationTypes(
          TenantMigrationWorkflowImpl.class, TenantMigrationRepairWorkflowImpl.class);
      WorkflowReplayer.replayWorkflowExecution(recorded, worker);
    }
  }
}
