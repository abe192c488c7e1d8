package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Approval;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationOrderTest {

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void phasesArePassedInTheContractsOrder() {
    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.phases())
        .extracting(PhaseTiming::phase)
        .containsExactly(
            Phase.PREFLIGHT,
            Phase.PROVISION,
            Phase.FENCE,
            Phase.SNAPSHOT,
            Phase.COPY,
            Phase.WARM,
            Phase.VERIFY,
            Phase.CUTOVER,
            Phase.COMPLETED);
    assertThat(report.phases()).allMatch(timing -> timing.finishedAt() != null);
    assertThat(report.snapshot()).isEqualTo("file:/snapshots/acme");
  }

  @Test
  void positionsAreReadAfterFenceAndSettleTime() {
    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(harness.activities.ended())
        .containsSubsequence(
            "MakeTenantReadOnly",
            "FenceDatabaseWrites",
            "ReadTopicPositions",
            "TakeSnapshot",
            "CreateSchema",
            "CopyRows",
            "FinishDatabase",
            "WarmCache",
            "CheckRows");
    assertThat(report.writeFenceSeconds())
        .isGreaterThanOrEqualTo(MigrationHarness.SETTLE.toMillis() / 1000.0);
  }

  @Test
  void theTenantWritesOnlyAfterTheLiveRouteWasChecked() {
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(harness.activities.ended())
        .containsSubsequence(
            "SwitchRoute", "CheckApiHealth", "OpenDatabase", "ActivateTenant", "RemoveLedger")
        .containsSubsequence("SwitchRoute", "CheckSourceQuiet", "OpenDatabase");
    assertThat(harness.activities.ended().indexOf("SwitchRoute"))
        .isGreaterThan(harness.activities.ended().indexOf("CheckTenantLeak"));
  }

  @Test
  void theSharedSideIsLookedAtAgainWhereTheServicesTookLongToAnswer() {
    harness.activities.on(
        "CheckApiHealth",
        () -> {
          sleep(Duration.ofSeconds(4));
          return new CheckResult(CheckName.API_HEALTH, CheckResult.Status.PASSED, 1, List.of());
        });

    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended())
        .containsSubsequence(
            "SwitchRoute",
            "CheckSourceQuiet",
            "CheckApiHealth",
            "CheckSourceQuiet",
            "OpenDatabase",
            "ActivateTenant");
  }

  private static void sleep(Duration length) {
    try {
      Thread.sleep(length.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void topicsGetTheirRealSettingsAfterTheVerificationHasReadThemAndBeforeTheRouteIsSwitched() {
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(harness.activities.ended())
        .containsSubsequence("CheckRecordContent", "FinalizeTopics", "SwitchRoute");
  }

  @Test
  void theReportTellsWhenEachStepOfTheCopyAndEachCheckBeganAndEnded() {
    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.steps())
        .extracting(StepTiming::step)
        .contains("TakeSnapshot", "CopyRows", "CopyObjects", "ReplayTopics", "CopyDocuments")
        .contains("WarmCache", "CheckRows", "CheckApiHealth");
    assertThat(report.steps())
        .allSatisfy(step -> assertThat(step.finishedAt()).isAfterOrEqualTo(step.startedAt()));
    assertThat(report.fencedAt()).isBefore(report.writableAt());
    assertThat(report.request()).isEqualTo(MigrationHarness.request(Approval.AUTOMATIC));
  }

  @Test
  void everyCheckIsMadeOnceAndReported() {
    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.checks())
        .extracting(CheckResult::check)
        .containsExactlyInAnyOrder(CheckName.values());
  }

  @Test
  void aRefusalEndsTheMigrationBeforeAnythingIsTouched() {
    harness.activities.on("PlanPostgres", () -> refusing("postgres", "shared_schema.x"));
    harness.activities.on("PlanObjects", () -> refusing("objectStorage", "bucket"));

    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder("shared_schema.x", "bucket");
    assertThat(harness.activities.begun()).allMatch(activity -> activity.startsWith("Plan"));
  }

  @Test
  void aStoreThatCannotBeLookedAtIsARefusalLikeAnyOther() {
    harness.activities.fail("PlanTopics", FailureType.PERMISSION_DENIED);

    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo("PlanTopics broke"));
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // its task fails for ever
  void aMigrationThatIsStartedWithoutInputIsRefusedLikeAMalformedRequest() {
    harness.stub().start();

    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.tenant()).isEqualTo("acme");
    assertThat(report.refusals())
        .extracting(Refusal::object)
        .contains("tenant", "tier", "snapshot");
  }

  @Test
  void aPlansIdIsNoTenantsMigrations() {
    assertThat(TemporalNames.planWorkflowId("acme"))
        .isNotEqualTo(TemporalNames.workflowId("acme"))
        .isNotEqualTo(TemporalNames.workflowId("plan-acme"));
  }

  @Test
  void aPlanLooksAtEveryStoreAndChangesNothing() {
    MigrationPlan plan = harness.plan(MigrationHarness.request(Approval.REQUIRED));

    assertThat(plan.refusals()).isEmpty();
    assertThat(harness.activities.begun())
        .containsExactlyInAnyOrder(
            "PlanTenant", "PlanPostgres", "PlanObjects", "PlanTopics", "PlanIndices", "PlanCache");
  }

  @Test
  void onlyAPlanThatIsAskedToRehearsesNothing() {
    var unused = harness.plan(MigrationHarness.request(Approval.REQUIRED));
    assertThat(contextOfThePlan()).doesNotContain("noRehearsal");

    var unusedToo = harness.planWithoutRehearsal(MigrationHarness.request(Approval.REQUIRED));
    assertThat(contextOfThePlan()).contains("\"noRehearsal\":true");
  }

  /** What the last plan hands to the look at the databases. */
  private String contextOfThePlan() {
    return harness.client().fetchHistory(TemporalNames.planWorkflowId("acme")).getEvents().stream()
        .filter(event -> event.hasActivityTaskScheduledEventAttributes())
        .map(event -> event.getActivityTaskScheduledEventAttributes())
        .filter(scheduled -> scheduled.getActivityType().getName().equals("PlanPostgres"))
        .map(scheduled -> scheduled.getInput().getPayloads(0).getData().toStringUtf8())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theHistoryStaysBelowThreeHundredEvents() {
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents())
        .hasSizeLessThan(300);
  }

  @Test
  void aTenantThatLivesOnTheTargetsAlreadyIsNotAdvisedToEmptyThem() {
    harness.activities.on(
        "PlanTenant",
        () ->
            new PlanFindings(StoresSummary.NONE, List.of(Refusal.alreadyThere("acme")), List.of()));
    harness.activities.on("PlanObjects", () -> refusing("objectStorage", "bucket"));

    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.refusals()).singleElement().matches(Refusal::standsAlone);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, REFUSED", "1, 0, COMPLETED", "0, 1, COMPLETED"})
  void aKeyThatMarksNothingOfATenantWithObjectsIsRefused(
      long rows, long documents, Outcome outcome) {
    harness.activities.on(
        "PlanPostgres",
        () ->
            finding(
                "{\"postgres\": {\"tables\": [{\"table\": \"public.queries\", \"rows\": %d}]}}"
                    .formatted(rows)));
    harness.activities.on("PlanObjects", () -> finding("{\"objectStorage\": {\"objects\": 7}}"));
    harness.activities.on(
        "PlanIndices",
        () ->
            finding(
                "{\"elasticsearch\": {\"indices\": [{\"index\": \"queries\", \"documents\": %d}]}}"
                    .formatted(documents)));

    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(outcome);
    if (outcome == Outcome.REFUSED) {
      assertThat(report.refusals())
          .singleElement()
          .satisfies(
              refusal ->
                  assertThat(refusal.reason())
                      .contains("'acme-tenant-id'", "its prefix has 7 objects"));
      assertThat(harness.activities.begun()).doesNotContain("MakeTenantReadOnly");
    }
  }

  private static PlanFindings finding(String stores) {
    try {
      return new PlanFindings(
          new ObjectMapper().readValue(stores, StoresSummary.class), List.of(), List.of());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static PlanFindings refusing(String store, String object) {
    return new PlanFindings(
        StoresSummary.NONE,
        List.of(new Refusal(store, object, "in the way", "remove it")),
        List.of());
  }
}
