package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RollbackTest {

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  private MigrationReport migrate() {
    return harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));
  }

  @Test
  void theTenantComesBackFirstAndTheNewestIsUndoneFirst() {
    harness.activities.on("CheckApiHealth", () -> failed(CheckName.API_HEALTH));

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    List<String> steps = report.rollback().stream().map(RollbackStep::step).toList();
    assertThat(steps.subList(0, 4))
        .containsExactly("ROUTE_BACK", "RELEASE_FENCE", "REACTIVATE_TENANT", "EVICT_CACHE");
    assertThat(steps.subList(4, 8))
        .containsExactlyInAnyOrder(
            "DELETE_INDICES", "DELETE_TOPICS", "DELETE_OBJECTS", "DROP_DATABASE");
  }

  @Test
  void allChecksAreMadeEvenWhenTheFirstFails() {
    harness.activities.on("CheckRows", () -> ScriptedActivities.rows(failed(CheckName.ROW_COUNT)));
    harness.activities.fail("CheckObjectCount", FailureType.PERMISSION_DENIED);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().type()).isEqualTo(FailureType.VERIFICATION_FAILED);
    assertThat(report.failure().phase()).isEqualTo(Phase.VERIFY);
    assertThat(report.failure().message()).contains("ROW_COUNT", "OBJECT_COUNT");
    assertThat(report.checks()).hasSize(CheckName.values().length - 1);
    assertThat(harness.activities.begun()).doesNotContain("SwitchRoute");
  }

  /** The tenant waits read-only, and each other check might wait for the same store. */
  @Test
  void aCheckThatHasLostItsStoreEndsAllOthers() {
    List<CheckName> beside =
        List.of(CheckName.OBJECT_COUNT, CheckName.OBJECT_SIZE, CheckName.OBJECT_CHECKSUM);
    CountDownLatch begin = new CountDownLatch(beside.size());
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS).execute(end::countDown);
    beside.forEach(check -> harness.activities.hold(Step.of(check).activity(), begin, end));
    harness.activities.on(
        "CheckRows",
        () -> {
          ScriptedActivities.await(begin);
          throw ApplicationFailure.newNonRetryableFailure(
              "nobody answers", FailureType.STORE_UNREACHABLE.name());
        });

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().message()).contains("ROW_COUNT").doesNotContain("OBJECT_COUNT");
    assertThat(report.checks())
        .filteredOn(check -> !CheckName.OF_ROWS.contains(check.check()))
        .hasSize(CheckName.values().length - CheckName.OF_ROWS.size() - 1)
        .allSatisfy(
            check -> {
              assertThat(check.status()).isEqualTo(CheckResult.Status.SKIPPED);
              assertThat(check.mismatches())
                  .containsExactly("not run, because ROW_COUNT could not run");
            });
    assertThat(report.checks())
        .filteredOn(check -> check.status() == CheckResult.Status.FAILED)
        .extracting(CheckResult::check)
        .containsExactlyInAnyOrderElementsOf(CheckName.OF_ROWS);
    assertThat(harness.activities.begun()).doesNotContain("CheckSourceQuiet");
  }

  @Test
  void aPassOverRowsThatAnotherChecksLostStoreStopsMakesNoneOfItsChecks() {
    CountDownLatch begin = new CountDownLatch(1);
    harness.activities.hold("CheckRows", begin, new CountDownLatch(1));
    harness.activities.on(
        "CheckObjectCount",
        () -> {
          ScriptedActivities.await(begin);
          harness.activities.letOthersEnd();
          throw ApplicationFailure.newNonRetryableFailure(
              "nobody answers", FailureType.STORE_UNREACHABLE.name());
        });

    MigrationReport report = migrate();

    assertThat(report.checks())
        .filteredOn(check -> CheckName.OF_ROWS.contains(check.check()))
        .hasSize(CheckName.OF_ROWS.size())
        .allSatisfy(
            check -> {
              assertThat(check.status()).isEqualTo(CheckResult.Status.SKIPPED);
              assertThat(check.mismatches())
                  .containsExactly("not run, because OBJECT_COUNT could not run");
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"ROW_COUNT", "PRIMARY_KEY_CHECKSUM", "ROW_CONTENT"})
  void eachCheckOfThePassOverRowsFailsByItself(CheckName check) {
    harness.activities.on("CheckRows", () -> ScriptedActivities.rows(failed(check)));

    MigrationReport report = migrate();

    assertThat(report.failure().type()).isEqualTo(FailureType.VERIFICATION_FAILED);
    assertThat(report.checks())
        .filteredOn(result -> result.status() == CheckResult.Status.FAILED)
        .extracting(CheckResult::check)
        .containsExactly(check);
    assertThat(harness.activities.audit())
        .filteredOn(entry -> entry.event().equals("CHECK"))
        .filteredOn(entry -> entry.outcome().equals("FAILED"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.details()).containsEntry("check", check.name()));
  }

  /** What breaks may have begun: it is rolled back too. */
  @ParameterizedTest
  @CsvSource({
    "ProvisionDatabase, DropDatabase",
    "ProvisionBucket, DeleteObjects",
    "ProvisionTopics, DeleteTopics",
    "ProvisionIndices, DeleteIndices",
    "MakeTenantReadOnly, ReactivateTenant",
    "FenceDatabaseWrites, RemoveFence",
    "ReadTopicPositions, RemoveFence",
    "TakeSnapshot, RemoveFence",
    "CopyRows, RemoveFence",
    "ReplayTopics, RemoveFence",
    "WarmCache, EvictCache",
    "SwitchRoute, RouteBack"
  })
  void whatWasBegunIsUndoneWhereverItBreaks(String activity, String ofItself) {
    harness.activities.fail(activity, FailureType.CONTENT_MISMATCH);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().type()).isEqualTo(FailureType.CONTENT_MISMATCH);
    assertThat(harness.activities.ended())
        .contains("DropDatabase", "DeleteObjects", "DeleteTopics", "DeleteIndices", ofItself);
    boolean fenced = harness.activities.begun().contains("FenceDatabaseWrites");
    assertThat(harness.activities.ended().contains("ReleaseFence")).isEqualTo(fenced);
  }

  @Test
  void aFailingStoreStopsTheOtherWritersBeforeAnythingIsUndone() {
    CountDownLatch copying = new CountDownLatch(1);
    harness.activities.hold("CopyRows", copying, new CountDownLatch(1));
    harness.activities.on(
        "CopyObjects",
        () -> {
          ScriptedActivities.await(copying);
          harness.activities.letOthersEnd();
          throw ApplicationFailure.newNonRetryableFailure(
              "digest differs", FailureType.CONTENT_MISMATCH.name());
        });

    migrate();

    assertThat(harness.activities.ended())
        .containsSubsequence("CopyRows cancelled", "ReleaseFence", "DropDatabase");
  }

  @Test
  void aCleaningStepThatFailsLeavesTheOthersRunning() {
    harness.activities.fail("WarmCache", FailureType.CONTENT_MISMATCH);
    harness.activities.fail("DeleteTopics", FailureType.PERMISSION_DENIED);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    assertThat(harness.activities.ended())
        .contains("ReactivateTenant", "DropDatabase", "DeleteObjects", "DeleteIndices");
  }

  @Test
  void theFenceStaysWhileTheRoutePointsElsewhere() {
    harness.activities.on("CheckApiHealth", () -> failed(CheckName.API_HEALTH));
    harness.activities.fail("RouteBack", FailureType.CONFIGURATION_CONFLICT);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    assertThat(harness.activities.begun())
        .doesNotContain("ReleaseFence", "ReactivateTenant", "DropDatabase", "DeleteObjects");
    assertThat(report.rollback())
        .hasSize(9)
        .allMatch(step -> step.status() == RollbackStep.Status.FAILED);
  }

  @Test
  void theFinalStepIsTriedUntilItsOutcomeIsKnown() {
    AtomicInteger attempts = new AtomicInteger();
    harness.activities.on(
        "ActivateTenant",
        () -> {
          if (attempts.incrementAndGet() < 60) {
            throw ApplicationFailure.newFailure(
                "the connection broke after the commit was sent",
                FailureType.PERMISSION_DENIED.name());
          }
          return "";
        });

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(attempts).hasValue(60);
    assertThat(report.warnings()).as("told once").hasSize(1);
    assertThat(harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents())
        .hasSizeLessThan(300);
    assertThat(harness.activities.begun()).doesNotContain("RouteBack");
  }

  @ParameterizedTest
  @CsvSource({"false, ROLLED_BACK", "true, COMPLETED"})
  void anActivationWhoseOutcomeIsNotKnownIsAskedForBeforeAnythingIsRolledBack(
      boolean activated, Outcome outcome) {
    harness.activities.fail("ActivateTenant", FailureType.UNEXPECTED);
    harness.activities.on("IsTenantActivated", () -> activated);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(outcome);
    assertThat(harness.activities.begun().contains("RouteBack")).isEqualTo(!activated);
  }

  @Test
  void aDatabaseThatCannotBeOpenedRollsBackForNobodyWasActivated() {
    harness.activities.fail("OpenDatabase", FailureType.PERMISSION_DENIED);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().message()).isEqualTo("OpenDatabase broke");
    assertThat(harness.activities.begun()).doesNotContain("ActivateTenant");
    assertThat(harness.activities.ended()).contains("RouteBack", "ReleaseFence", "DropDatabase");
  }

  @Test
  void aTenantThatNeverWasReadOnlyHasNoFenceTime() {
    harness.activities.fail("MakeTenantReadOnly", FailureType.CONFIGURATION_CONFLICT);
    harness.activities.on(
        "ReactivateTenant",
        () ->
            new RollbackStep(
                Compensation.REACTIVATE_TENANT.name(),
                RollbackStep.Status.NOT_NEEDED,
                "This migration did not change the tenant's configuration."));

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.writeFenceSeconds()).isNull();
    assertThat(report.writableAt()).isNull();
  }

  @Test
  void aConfigurationThatSomebodyElseChangedRollsBackTheLastAct() {
    harness.activities.fail("ActivateTenant", FailureType.CONFIGURATION_CONFLICT);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(harness.activities.ended()).contains("RouteBack", "DropDatabase");
  }

  @Test
  void aRollbackThatFindsTheTenantActivatedGoesForward() {
    harness.activities.fail("ActivateTenant", FailureType.CONFIGURATION_CONFLICT);
    harness.activities.on("IsTenantActivated", () -> true);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun()).doesNotContain("RouteBack", "DropDatabase");
  }

  @Test
  void whatCannotBeTidiedAfterTheCutoverIsAWarning() {
    harness.activities.fail("RemoveLedger", FailureType.PERMISSION_DENIED);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).isEqualTo("RemoveLedger broke"));
  }

  private static CheckResult failed(CheckName check) {
    return new CheckResult(check, CheckResult.Status.FAILED, 7, List.of("one differs"));
  }
}
