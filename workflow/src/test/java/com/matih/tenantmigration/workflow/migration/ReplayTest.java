package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

  /**
   * The digest of each folder that is frozen. Such a folder is never recorded again with newer
   * code: that would hide exactly what these tests have to find.
   */
  static final Map<String, String> FROZEN =
      Map.of(
          "1.0.0",
          "00f10a75b18e8f6a5a3d1f5e905d7e5af444da6f9ec037de3c4c37f2ab29b915",
          "1.1.0",
          "25dbbbf5eb426befbf5e59ebeb31eb1a4dcf1e5089acd9af8b30af5f82f6295b");

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
  void theHistoriesOfAReleaseAreAsThatReleaseRecordedThem() throws Exception {
    for (Map.Entry<String, String> release : FROZEN.entrySet()) {
      assertThat(digest(HISTORIES.resolve(release.getKey())))
          .as("histories of " + release.getKey())
          .isEqualTo(release.getValue());
    }
  }

  private static String digest(Path folder) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void theNewestReleaseHasMoreWaysStoresLeftOutPlansAndRepairsIncluded() {
    assertThat(
            Stream.of(
                    "cancelled-in-preflight",
                    "database-and-cache-only",
                    "objects-records-and-documents-only",
                    "objects-records-and-documents-only-rolled-back",
                    "planned",
                    "repaired-completion",
                    "repaired-rollback",
                    "repaired-rollback-incomplete",
                    "tried-for-long")
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
            Files.readString(history),
            history.endsWith("planned.json")
                ? TemporalNames.planWorkflowId("acme")
                : TemporalNames.workflowId("acme"));
    try (TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance()) {
      Worker worker = environment.newWorker(TemporalNames.TASK_QUEUE, PATIENT);
      worker.registerWorkflowImplementationTypes(
          TenantMigrationWorkflowImpl.class,
          TenantMigrationPlanWorkflowImpl.class,
          TenantMigrationRepairWorkflowImpl.class);
      WorkflowReplayer.replayWorkflowExecution(recorded, worker);
    }
  }
}
