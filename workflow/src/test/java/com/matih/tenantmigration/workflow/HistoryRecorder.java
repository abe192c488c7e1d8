package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Records the histories that {@link ReplayTest} replays. Not part of the suite: run it by name,
 * {@code mvn -pl workflow -am test -Dtest=HistoryRecorder -Drelease=1.1.0
 * -Dsurefire.failIfNoSpecifiedTests=false}. The release that is being made is recorded again
 * whenever its steps change; what was released never is.
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
          harness.activities.fail("CheckRowContent", FailureType.STORE_ERROR);
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
          ScriptedActivities.letOthersEnd();
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
          harness.activities.fail("CheckRowContent", FailureType.STORE_ERROR);
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
    try (MigrationHarness harness = new MigrationHarness()) {
      scenario.accept(harness);
      Path file =
          Path.of(
              "src/test/resources/histories",
              System.getProperty("release", "1.1.0"),
              name + ".json");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, harness.client().fetchHistory(TemporalNames.workflowId("acme")).toJson(true));
    }
  }
}
