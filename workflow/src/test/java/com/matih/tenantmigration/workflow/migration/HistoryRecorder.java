package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Records the histories that {@link ReplayTest} replays. Not part of the suite: run it by name,
 * {@code mvn -pl workflow -am test -Dtest=HistoryRecorder -Drelease=1.2.0
 * -Dsurefire.failIfNoSpecifiedTests=false}. A release is recorded when it is made, by its own code,
 * and frozen in {@link ReplayTest#FROZEN}; this class refuses to record a frozen one again.
 */
class HistoryRecorder {

  @Test
  void completed() throws IOException {
    record("completed", harness -> harness.migrate(MigrationHarness.request(Approval.AUTOMATIC)));
  }

  @Test
  void approved() throws IOException {
    record(
        "approved",
        harness -> {
          TenantMigrationWorkflow workflow =
              harness.start(MigrationHarness.request(Approval.REQUIRED));
          workflow.approve("dana");
          harness.result();
        });
  }

  @Test
  void refused() throws IOException {
    record(
        "refused",
        harness -> {
          harness.activities.fail("PlanPostgres", FailureType.PERMISSION_DENIED);
          harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));
        });
  }

  @Test
  void verificationFailed() throws IOException {
    record(
        "verification-failed",
        harness -> {
          harness.activities.fail("CheckRows", FailureType.STORE_ERROR);
          harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));
        });
  }

  @Test
  void cancelledInCopy() throws IOException {
    record(
        "cancelled-in-copy",
        harness -> {
          CountDownLatch copying = new CountDownLatch(1);
          harness.activities.hold("CopyRows", copying, new CountDownLatch(1));
          TenantMigrationWorkflow workflow =
              harness.start(MigrationHarness.request(Approval.AUTOMATIC));
          ScriptedActivities.await(copying);
          workflow.requestCancel("wrong tenant", "dana");
          harness.result();
        });
  }

  @Test
  void nativelyCancelledInCopy() throws IOException {
    record(
        "natively-cancelled-in-copy",
        harness -> {
          CountDownLatch copying = new CountDownLatch(1);
          harness.activities.hold("CopyRows", copying, new CountDownLatch(1));
          harness.start(MigrationHarness.request(Approval.AUTOMATIC));
          ScriptedActivities.await(copying);
          harness.stub().cancel();
          try {
            harness.result();
          } catch (WorkflowFailedException e) {
            // the run ends as cancelled, as it should
          }
        });
  }

  @Test
  void cancelledInPreflight() throws IOException {
    record(
        "cancelled-in-preflight",
        harness -> {
          CountDownLatch looking = new CountDownLatch(1);
          harness.activities.hold("PlanPostgres", looking, new CountDownLatch(1));
          TenantMigrationWorkflow workflow =
              harness.start(MigrationHarness.request(Approval.AUTOMATIC));
          ScriptedActivities.await(looking);
          harness.activities.letOthersEnd();
          workflow.requestCancel("wrong tenant", "dana");
          harness.result();
        });
  }

  @Test
  void triedForLong() throws IOException {
    record(
        "tried-for-long",
        harness -> {
          AtomicInteger attempts = new AtomicInteger();
          harness.activities.fail("CheckRows", FailureType.STORE_ERROR);
          harness.activities.on(
              "ReleaseFence",
              () -> {
                if (attempts.incrementAndGet() < 12) {
                  throw ApplicationFailure.newFailure(
                      "connection refused", FailureType.STORE_UNREACHABLE.name());
                }
                return ScriptedActivities.usualAnswer("ReleaseFence");
              });
          harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));
        });
  }

  @Test
  void pausedInCopy() throws IOException {
    record(
        "paused-in-copy",
        harness -> {
          CountDownLatch copying = new CountDownLatch(1);
          CountDownLatch goOn = new CountDownLatch(1);
          harness.activities.hold("CopyRows", copying, goOn);
          TenantMigrationWorkflow workflow =
              harness.start(MigrationHarness.request(Approval.AUTOMATIC));
          ScriptedActivities.await(copying);
          workflow.pause("lunch", "dana");
          while (!harness.activities.ended().contains("CopyRows cancelled")) {
            Thread.onSpinWait();
          }
          goOn.countDown();
          workflow.resume("dana");
          harness.result();
        });
  }

  @Test
  void databaseAndCacheOnly() throws IOException {
    record(
        "database-and-cache-only",
        harness -> {
          harness.activities.fail("CheckCacheContent", FailureType.STORE_ERROR);
          harness.migrate(only(true));
        });
  }

  @Test
  void objectsRecordsAndDocumentsOnly() throws IOException {
    record("objects-records-and-documents-only", harness -> harness.migrate(only(false)));
  }

  @Test
  void objectsRecordsAndDocumentsOnlyRolledBack() throws IOException {
    record(
        "objects-records-and-documents-only-rolled-back",
        harness -> {
          harness.activities.fail("CheckRecordContent", FailureType.STORE_ERROR);
          harness.migrate(only(false));
        });
  }

  /** A request that leaves stores out. */
  private static MigrationRequest only(boolean databaseAndCache) {
    MigrationRequest all = MigrationHarness.request(Approval.AUTOMATIC);
    return new MigrationRequest(
        all.tenant(),
        all.tenantKey(),
        all.tier(),
        all.mode(),
        all.approval(),
        all.onRollback(),
        all.settle(),
        all.storeTimeout(),
        all.snapshot(),
        databaseAndCache ? all.postgres() : null,
        databaseAndCache ? null : all.objectStorage(),
        databaseAndCache ? null : all.kafka(),
        databaseAndCache ? null : all.elasticsearch(),
        databaseAndCache ? all.redis() : null,
        VerificationSpec.NONE);
  }

  @Test
  void planned() throws IOException {
    record(
        "planned",
        TemporalNames.planWorkflowId("acme"),
        harness -> harness.plan(MigrationHarness.request(Approval.AUTOMATIC)));
  }

  @Test
  void repairedAfterATermination() throws IOException {
    record("repaired-rollback", harness -> RepairTest.repair(harness, Outcome.RUNNING, false));
  }

  @Test
  void repairedAfterAnIncompleteRollbackAndStillIncomplete() throws IOException {
    record(
        "repaired-rollback-incomplete",
        harness -> {
          harness.activities.fail("DropDatabase", FailureType.PERMISSION_DENIED);
          RepairTest.repair(harness, Outcome.ROLLBACK_INCOMPLETE, false);
        });
  }

  @Test
  void repairedAfterTheTenantWasActivated() throws IOException {
    record(
        "repaired-completion",
        harness -> {
          harness.activities.on("IsTenantActivated", () -> true);
          RepairTest.repair(harness, Outcome.RUNNING, true);
        });
  }

  private static void record(String name, Consumer<MigrationHarness> scenario) throws IOException {
    record(name, TemporalNames.workflowId("acme"), scenario);
  }

  private static void record(String name, String workflow, Consumer<MigrationHarness> scenario)
      throws IOException {
    String release = Objects.requireNonNull(System.getProperty("release"), "say -Drelease=…");
    assertThat(ReplayTest.FROZEN)
        .as("a frozen release is not recorded again")
        .doesNotContainKey(release);
    try (MigrationHarness harness = new MigrationHarness()) {
      scenario.accept(harness);
      Path file = Path.of("src/test/resources/histories", release, name + ".json");
      Files.createDirectories(file.getParent());
      Files.writeString(file, harness.client().fetchHistory(workflow).toJson(true));
    }
  }
}
