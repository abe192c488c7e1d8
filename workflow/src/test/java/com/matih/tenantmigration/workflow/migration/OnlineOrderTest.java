package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.Acknowledged;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.CutoverSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A migration while the tenant works: what can take long or fail comes before the fence. */
class OnlineOrderTest extends HeldMigration {

  @Test
  void theTenantIsFencedAfterTheVerificationAndDrainedBeforeTheCutover() {
    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.phases())
        .extracting(PhaseTiming::phase)
        .containsExactly(
            Phase.PREFLIGHT,
            Phase.PROVISION,
            Phase.CAPTURE,
            Phase.SNAPSHOT,
            Phase.COPY,
            Phase.WARM,
            Phase.CATCH_UP,
            Phase.VERIFY,
            Phase.FENCE,
            Phase.DRAIN,
            Phase.CUTOVER,
            Phase.COMPLETED);
    assertThat(harness.activities.ended())
        .containsSubsequence(
            "CaptureChanges",
            "TakeSnapshot",
            "CopyRows",
            "FollowRows",
            "CheckRows",
            "CheckQueryTest",
            "MakeTenantReadOnly",
            "FenceDatabaseWrites",
            "DrainRows",
            "SwitchRoute");
  }

  /** What tells whose rows of a table without a key are changes while rows are being compared. */
  @Test
  void otherTenantsRowsAreLookedForOnceTheRowsHaveBeenCompared() {
    harness.activities.on(
        "CheckRows",
        () -> {
          // long enough for what runs beside it
          ScriptedActivities.pause(Duration.ofSeconds(2));
          return ScriptedActivities.rows(ScriptedActivities.passed(CheckName.ROW_COUNT));
        });

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended()).containsSubsequence("CheckRows", "CheckTenantLeak");
  }

  @Test
  void allStoresAreFollowedAndDrainedAndTheCacheComesAfterTheRows() {
    MigrationReport report =
        harness.migrate(MigrationHarness.request(Approval.AUTOMATIC).in(Mode.ONLINE));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended())
        .contains("FollowObjects", "FollowTopics", "FollowDocuments")
        .doesNotContain("ReadTopicPositions", "CheckCacheContent")
        .containsSubsequence("DrainRows", "FreshenCache", "SwitchRoute")
        .containsSubsequence("DrainTopics", "FinalizeTopics", "SwitchRoute");
    assertThat(events()).isLessThan(300);
  }

  @Test
  void aStoreIsDrainedAsSoonAsThoseAreThatItNeeds() {
    harness.activities.on("DrainObjects", () -> drained(Duration.ofSeconds(1)));
    harness.activities.on("DrainTopics", () -> drained(Duration.ofSeconds(2)));

    MigrationReport report =
        harness.migrate(MigrationHarness.requestWithReferences().in(Mode.ONLINE));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended())
        .containsSubsequence(
            "DrainRows", "FreshenCache", "DrainObjects", "CheckLaterReferences", "DrainTopics");
  }

  private static Drained drained(Duration after) {
    LockSupport.parkNanos(after.toNanos());
    return new Drained(StoresSummary.NONE, List.of());
  }

  @Test
  void servicesThatAcknowledgeAreNotWaitedForLonger() {
    harness.activities.on(
        "AwaitServices",
        () ->
            new Acknowledged(
                List.of(new Warning(StoreName.TENANT, "query-service", "did not answer"))));

    MigrationReport report = harness.migrate(asking(List.of("query-service"), null));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    // side by side
    assertThat(harness.activities.ended())
        .containsSubsequence("MakeTenantReadOnly", "AwaitServices", "DrainRows")
        .containsSubsequence("MakeTenantReadOnly", "FenceDatabaseWrites", "DrainRows");
    assertThat(report.warnings()).extracting(Warning::object).contains("query-service");
  }

  @Test
  void theFenceWaitsForItsTime() {
    Instant notBefore = Instant.now().plusSeconds(4);

    MigrationReport report =
        harness.migrate(asking(List.of(), new CutoverSpec(notBefore.toString(), null)));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.phases()).extracting(PhaseTiming::phase).contains(Phase.AWAITING_APPROVAL);
    assertThat(report.fencedAt()).isAfterOrEqualTo(notBefore);
  }

  private static MigrationRequest asking(List<String> services, @Nullable CutoverSpec cutover) {
    MigrationRequest plain = MigrationHarness.onlineRequest(Approval.AUTOMATIC);
    return new MigrationRequest(
        plain.tenant(),
        plain.tenantKey(),
        plain.tier(),
        plain.mode(),
        plain.approval(),
        plain.onRollback(),
        plain.settle(),
        plain.storeTimeout(),
        services,
        cutover,
        null,
        plain.snapshot(),
        plain.postgres(),
        plain.objectStorage(),
        plain.kafka(),
        plain.elasticsearch(),
        plain.redis(),
        plain.verification());
  }

  @Test
  void whatTheDrainComparedIsAddedToWhatTheVerificationDid() {
    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.checks())
        .filteredOn(check -> check.check() == CheckName.ROW_CONTENT)
        .extracting(CheckResult::compared)
        .containsExactly(2L);
  }

  @Test
  void aRowThatDiffersUnderTheFenceRollsBackAndNoFenceIsLeft() {
    harness.activities.on(
        "DrainRows",
        () ->
            new Drained(
                StoresSummary.NONE,
                List.of(
                    new CheckResult(
                        CheckName.ROW_CONTENT, CheckResult.Status.FAILED, 1, List.of("row 7")))));

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().type()).isEqualTo(FailureType.VERIFICATION_FAILED);
    assertThat(harness.activities.ended())
        .containsSubsequence("ReleaseFence", "ReactivateTenant", "DropDatabase", "RemoveFence");
  }

  @Test
  void aFailureBeforeTheFenceCostsTheTenantNothing() {
    harness.activities.fail("FinishDatabase", FailureType.NOT_MOVABLE);

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.writeFenceSeconds()).isNull();
    assertThat(harness.activities.ended())
        .contains("ReleaseFence", "RemoveFence")
        .doesNotContain("MakeTenantReadOnly", "ReactivateTenant");
  }

  @Test
  void aTableThatChangesUnseenStopsTheCopy() {
    harness.activities.hold("CopyRows", reached, goOn);
    harness.activities.fail("WatchCapture", FailureType.SOURCE_CHANGED);

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().type()).isEqualTo(FailureType.SOURCE_CHANGED);
    assertThat(report.failure().phase()).isEqualTo(Phase.COPY);
    assertThat(report.writeFenceSeconds()).isNull();
    assertThat(harness.activities.ended())
        .contains("CopyRows cancelled", "ReleaseFence", "RemoveFence")
        .doesNotContain("MakeTenantReadOnly");
  }

  @Test
  void theWatchEndsBeforeTheFence() {
    harness.activities.hold("WatchCapture", reached, goOn);

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended())
        .containsSubsequence("CheckRows", "WatchCapture cancelled", "MakeTenantReadOnly");
  }

  @Test
  void changesAreFollowedWhileTheApprovalIsAwaitedAndTheHistoryDoesNotGrow() {
    harness.activities.on("FollowRows", harness.activities.secondTimeUntilCancelled("FollowRows"));
    TenantMigrationWorkflow workflow =
        harness.start(MigrationHarness.onlineRequest(Approval.REQUIRED));
    awaitPhase(workflow, Phase.AWAITING_APPROVAL);
    ScriptedActivities.pause(Duration.ofSeconds(2));
    int before = events();
    // some forty heartbeats, none of which the history keeps
    ScriptedActivities.pause(Duration.ofSeconds(2));
    assertThat(workflow.status().phase()).isEqualTo(Phase.AWAITING_APPROVAL);
    assertThat(events()).isEqualTo(before).isLessThan(300);

    workflow.approveCutover("dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.ended())
        .containsSubsequence(
            "FollowRows", "FollowRows cancelled", "FollowRows", "MakeTenantReadOnly");
  }

  @Test
  void anApprovalGivenWhileRowsAreCopiedCounts() {
    harness.activities.hold("CopyRows", reached, goOn);
    TenantMigrationWorkflow workflow =
        harness.start(MigrationHarness.onlineRequest(Approval.REQUIRED));
    ScriptedActivities.await(reached);

    workflow.approveCutover("dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private int events() {
    return harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents().size();
  }

  private static void awaitPhase(TenantMigrationWorkflow workflow, Phase phase) {
    for (int i = 0; i < 400 && workflow.status().phase() != phase; i++) {
      ScriptedActivities.pause(Duration.ofMillis(50));
    }
    assertThat(workflow.status().phase()).isEqualTo(phase);
  }
}
