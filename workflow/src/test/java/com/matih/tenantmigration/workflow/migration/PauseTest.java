package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.CheckResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PauseTest extends HeldMigration {

  /** As an operator is promised. */
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);

  @Test
  void aPauseStopsARunningCopyAndAResumeBeginsItAgain() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    workflow.pause("lunch", "dana");
    harness.awaitEnded("CopyRows cancelled");
    assertThat(workflow.status().paused()).isTrue();
    goOn.countDown();
    workflow.resume("dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun().stream().filter("CopyRows"::equals)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "cancelMigration"})
  void aWishStopsTheCopyWhileTheControlPlaneDoesNotTakeIt(String signal) {
    startAndReach("CopyRows");
    harness.activities.on("RecordEntries", this::goOn);
    harness.activities.on("RecordProgress", this::goOn);

    long asked = System.nanoTime();
    harness.stub().signal(signal, "lunch", "dana");
    harness.awaitEnded("CopyRows cancelled");
    Duration took = Duration.ofNanos(System.nanoTime() - asked);

    assertThat(took).isLessThan(STOPPED_WITHIN);
    assertThat(harness.activities.audit())
        .extracting(Entry::event)
        .doesNotContain("PAUSE", "CANCEL");
    goOn.countDown();
    harness.stub().signal("cancelMigration", "enough", "dana");
    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  private Object goOn() {
    ScriptedActivities.await(goOn);
    return "";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PlanPostgres",
        "ProvisionDatabase",
        "MakeTenantReadOnly",
        "FenceDatabaseWrites",
        "ReadTopicPositions",
        "TakeSnapshot",
        "WarmCache",
        "CheckRows",
        "FinalizeTopics",
        "SwitchRoute",
        "CheckApiHealth"
      })
  void aPauseStopsAnyStepBeforeTheFinalOneAndAResumeBeginsItAgain(String activity) {
    TenantMigrationWorkflow workflow = startAndReach(activity);
    awaitOtherChecks(activity);

    workflow.pause("a store is silent", "dana");
    harness.awaitEnded(activity + " cancelled");
    assertThat(workflow.status().paused()).isTrue();
    goOn.countDown();
    workflow.resume("dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun().stream().filter(activity::equals))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "PlanPostgres, ProvisionDatabase",
    "ProvisionDatabase, MakeTenantReadOnly",
    "FenceDatabaseWrites, TakeSnapshot",
    "TakeSnapshot, CreateSchema",
    "CopyRows, FinishDatabase",
    "WarmCache, CheckRows",
    "CheckRows, SwitchRoute",
    "SwitchRoute, OpenDatabase",
    "CheckApiHealth, OpenDatabase"
  })
  void aPauseInAnyPhaseHoldsTheNextStepBackUntilTheResume(String activity, String next) {
    TenantMigrationWorkflow workflow = startAndReach(activity);
    awaitOtherChecks(activity);

    workflow.pause("backup runs", "dana");
    harness.awaitEnded(activity + " cancelled");
    goOn.countDown();
    awaitOthersEnded();
    assertThat(harness.activities.begun()).doesNotContain(next);
    workflow.resume("ada");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun()).contains(next);
    assertThat(audited("PAUSE", "ACCEPTED"))
        .containsExactly(Map.of("reason", "backup runs", "by", "dana"));
    assertThat(audited("RESUME", "ACCEPTED")).containsExactly(Map.of("by", "ada"));
  }

  /** Checks run side by side, and a pause stops those that are under way too. */
  private void awaitOtherChecks(String activity) {
    if (!activity.equals("CheckRows")) {
      return;
    }
    int others = CheckName.values().length - CheckName.OF_ROWS.size() - 1;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                harness.activities.ended().stream()
                        .filter(ended -> ended.startsWith("Check"))
                        .distinct()
                        .count()
                    == others);
  }

  @Test
  void thePauseOfACopyThatLosesItsStoreMeanwhileIsAPause() {
    TenantMigrationWorkflow workflow = startAndReachOneThatBreaks("CopyRows");

    workflow.pause("the store is in trouble", "dana");
    harness.awaitEnded("CopyRows broke");
    awaitOthersEnded();
    assertThat(workflow.status().phase()).isEqualTo(Phase.COPY);
    workflow.resume("dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun().stream().filter("CopyRows"::equals)).hasSize(2);
  }

  @Test
  void afterAPauseInTheCutoverTheLiveRouteIsLookedAtAgainRightBeforeTheLastAct() {
    TenantMigrationWorkflow workflow = startAndReach("CheckApiHealth");

    workflow.pause("backup runs", "dana");
    harness.awaitEnded("CheckApiHealth cancelled");
    goOn.countDown();
    awaitOthersEnded();
    int before = harness.activities.begun().size();
    workflow.resume("dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun().subList(before, before + 2))
        .containsExactlyInAnyOrder("CheckApiHealth", "CheckSourceQuiet");
    assertThat(harness.activities.begun().subList(before + 2, before + 4))
        .containsExactly("OpenDatabase", "ActivateTenant");
  }

  @Test
  void aPauseOnTheWayBackIsRefused() {
    harness.activities.on(
        "CheckApiHealth",
        () ->
            new CheckResult(
                CheckName.API_HEALTH, CheckResult.Status.FAILED, 1, List.of("answered 500")));
    TenantMigrationWorkflow workflow = startAndReach("IsTenantActivated");

    workflow.pause("too late", "dana");
    assertThat(workflow.status().paused()).isFalse();
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(audited("PAUSE", "REFUSED"))
        .containsExactly(
            Map.of(
                "reason",
                "too late",
                "by",
                "dana",
                "why",
                "Already rolling back; it cannot be paused."));
  }

  /** A task that is decided anew may see a signal earlier than the time before. */
  @Test
  void noOtherLineOfTheAuditTrailHasAnotherKeyBecauseOfAWish() {
    TenantMigrationWorkflow workflow = startAndReach("PlanPostgres");
    workflow.pause("early", "dana");
    harness.awaitEnded("PlanPostgres cancelled");
    workflow.resume("dana");
    goOn.countDown();
    harness.result();

    assertThat(harness.activities.audit())
        .extracting(Entry::key)
        .doesNotHaveDuplicates()
        .contains(
            "PAUSE/1",
            "RESUME/1",
            "PHASE/PROVISION/STARTED/1",
            "PHASE/COPY/ENDED/1",
            "CHECK/SOURCE_QUIET/2",
            "PHASE/COMPLETED/ENDED/1");
  }

  @Test
  void aPauseThatMakesNoSenseIsNotedAsRefused() {
    TenantMigrationWorkflow workflow = startAndReach("ActivateTenant");

    workflow.resume("dana");
    workflow.pause("too late", "dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("RESUME", "REFUSED"))
        .containsExactly(Map.of("by", "dana", "why", "Not paused."));
    assertThat(audited("PAUSE", "REFUSED"))
        .containsExactly(
            Map.of("reason", "too late", "by", "dana", "why", "Cannot pause: phase CUTOVER."));
  }

  @Test
  void whatAnOperatorLeavesOutBreaksNothing() {
    startAndReach("CopyRows");

    harness.stub().signal("approve");
    harness.stub().signal("pause");
    harness.awaitEnded("CopyRows cancelled");
    harness.stub().signal("resume");
    awaitOthersEnded();
    harness.stub().signal("cancelMigration");

    assertThat(harness.result().failure().message()).isEqualTo("no reason given");
    assertThat(audited("APPROVAL", "REFUSED"))
        .containsExactly(Map.of("why", "Approver name is required."));
    assertThat(audited("PAUSE", "ACCEPTED")).containsExactly(Map.of());
    assertThat(audited("CANCEL", "REQUESTED")).containsExactly(Map.of("reason", "no reason given"));
  }

  @Test
  void anArgumentOfAnotherKindIsTakenAsItStands() {
    startAndReach("CopyRows");

    harness.stub().signal("pause", Map.of("reason", "an object, not a text"));
    harness.awaitEnded("CopyRows cancelled");
    harness.stub().signal("resume", 7);
    awaitOthersEnded();
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("PAUSE", "ACCEPTED"))
        .containsExactly(Map.of("reason", "{reason=an object, not a text}"));
    assertThat(audited("RESUME", "ACCEPTED")).containsExactly(Map.of("by", "7"));
  }
}
