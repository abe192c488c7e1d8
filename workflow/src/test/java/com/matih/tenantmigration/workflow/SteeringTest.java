package com.matih.tenantmigration.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SteeringTest {

  private final MigrationHarness harness = new MigrationHarness();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void close() {
    goOn.countDown();
    harness.close();
  }

  private TenantMigrationWorkflow startAndReach(String activity) {
    harness.activities.hold(activity, reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.AUTOMATIC));
    ScriptedActivities.await(reached);
    awaitOthersEnded();
    return workflow;
  }

  /**
   * Waits until only the held activity runs: the test server, unlike a real one, rejects a cancel
   * that crosses an activity's end.
   */
  private void awaitOthersEnded() {
    int before = -1;
    for (int i = 0; i < 100 && before != harness.activities.ended().size(); i++) {
      before = harness.activities.ended().size();
      ScriptedActivities.pause(Duration.ofMillis(150));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PlanPostgres",
        "ProvisionDatabase",
        "FenceDatabaseWrites",
        "TakeSnapshot",
        "CopyRows",
        "ReplayTopics",
        "WarmCache",
        "CheckRowContent",
        "SwitchRoute",
        "CheckApiHealth"
      })
  void aCancelInAnyPhaseStopsTheWorkAndUndoesIt(String activity) {
    TenantMigrationWorkflow workflow = startAndReach(activity);

    assertThat(workflow.requestCancel("wrong tenant", "dana")).startsWith("cancelling");
    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertThat(report.failure().message()).isEqualTo("wrong tenant");
    assertThat(harness.activities.ended())
        .contains(activity + " cancelled")
        .doesNotContain("ActivateTenant");
    assertThat(harness.activities.audit())
        .extracting(Entry::event, Entry::outcome)
        .contains(tuple("CANCEL", "REQUESTED"), tuple("CANCEL", "ACCEPTED"));
  }

  @Test
  void aNativeCancelDoesTheSameAndTheRunEndsAsCanceled() {
    startAndReach("CopyRows");

    harness.stub().cancel();

    assertThatThrownBy(harness::result)
        .isInstanceOf(WorkflowFailedException.class)
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(harness.activities.ended())
        .containsSubsequence("CopyRows cancelled", "ReleaseFence", "ReactivateTenant");
    assertThat(harness.activities.ended()).contains("DropDatabase", "DeleteObjects");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenDatabase", "ActivateTenant", "RemoveLedger"})
  void duringAndAfterTheLastActACancelIsRefusedWithTheReason(String activity) {
    TenantMigrationWorkflow workflow = startAndReach(activity);

    assertThatThrownBy(() -> workflow.requestCancel("too late", "dana"))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining("dedicated side");
    workflow.cancelMigration("too late as well", "dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.audit())
        .anySatisfy(
            entry -> {
              assertThat(entry.event()).isEqualTo("CANCEL");
              assertThat(entry.outcome()).isEqualTo("REFUSED");
              assertThat(entry.details()).containsEntry("reason", "too late as well");
            });
  }

  @Test
  void aNativeCancelAfterTheLastActBeganChangesNothing() {
    startAndReach("ActivateTenant");

    harness.stub().cancel();
    goOn.countDown();

    assertThatThrownBy(harness::result).isInstanceOf(WorkflowFailedException.class);
    assertThat(harness.activities.ended())
        .contains("ActivateTenant", "RemoveLedger")
        .doesNotContain("RouteBack", "DropDatabase");
    assertThat(harness.activities.audit())
        .extracting(Entry::event, Entry::outcome)
        .contains(tuple("CANCEL", "REFUSED"));
  }

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
    harness.activities.on("RecordProgress", this::goOn);

    long asked = System.nanoTime();
    harness.stub().signal(signal, "lunch", "dana");
    harness.awaitEnded("CopyRows cancelled");
    Duration took = Duration.ofNanos(System.nanoTime() - asked);

    assertThat(took).isLessThan(Duration.ofSeconds(5));
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
  @CsvSource({
    "PlanPostgres, ProvisionDatabase",
    "ProvisionDatabase, MakeTenantReadOnly",
    "FenceDatabaseWrites, TakeSnapshot",
    "TakeSnapshot, CreateSchema",
    "CopyRows, FinishDatabase",
    "WarmCache, CheckRowCount",
    "CheckRowContent, SwitchRoute",
    "SwitchRoute, OpenDatabase",
    "CheckApiHealth, OpenDatabase"
  })
  void aPauseInAnyPhaseHoldsTheNextStepBackUntilTheResume(String activity, String next) {
    TenantMigrationWorkflow workflow = startAndReach(activity);

    workflow.pause("backup runs", "dana");
    awaitOthersEnded();
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

  @Test
  void aPauseThatMakesNoSenseIsNotedAsRefused() {
    TenantMigrationWorkflow workflow = startAndReach("ActivateTenant");

    workflow.resume("dana");
    workflow.pause("too late", "dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("RESUME", "REFUSED"))
        .containsExactly(Map.of("by", "dana", "why", "It is not paused."));
    assertThat(audited("PAUSE", "REFUSED"))
        .containsExactly(
            Map.of(
                "reason",
                "too late",
                "by",
                "dana",
                "why",
                "There is nothing left to pause: phase CUTOVER."));
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
        .containsExactly(Map.of("why", "An approval says who approves."));
    assertThat(audited("PAUSE", "ACCEPTED")).containsExactly(Map.of());
    assertThat(audited("CANCEL", "REQUESTED")).containsExactly(Map.of("reason", "no reason given"));
  }

  @Test
  void anArgumentOfAnotherKindBreaksNothing() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    harness.stub().signal("cancelMigration", Map.of("reason", "an object, not a text"));
    assertThat(workflow.status().phase()).isEqualTo(Phase.COPY);
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private List<Map<String, String>> audited(String event, String outcome) {
    return harness.activities.audit().stream()
        .filter(entry -> entry.event().equals(event) && entry.outcome().equals(outcome))
        .map(Entry::details)
        .toList();
  }

  @Test
  void aCancelReachesAPausedMigration() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    workflow.pause("lunch", "dana");
    harness.awaitEnded("CopyRows cancelled");
    workflow.requestCancel("never mind", "dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Test
  void nothingIsFencedBeforeTheApproval() {
    harness.activities.hold("ProvisionIndices", reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.REQUIRED));
    ScriptedActivities.await(reached);
    goOn.countDown();
    awaitPhase(workflow, Phase.AWAITING_APPROVAL);
    assertThat(harness.activities.begun()).doesNotContain("MakeTenantReadOnly");

    assertThat(workflow.approveCutover("dana")).isEqualTo("approved by dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anApprovalThatComesEarlyCounts() {
    harness.activities.hold("ProvisionDatabase", reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.REQUIRED));
    ScriptedActivities.await(reached);

    workflow.approve("dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anApprovalThatNobodyAskedForIsRefused() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    assertThatThrownBy(() -> workflow.approveCutover("dana"))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining("asks for no approval");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private static void awaitPhase(TenantMigrationWorkflow workflow, Phase phase) {
    for (int i = 0; i < 400 && workflow.status().phase() != phase; i++) {
      ScriptedActivities.pause(Duration.ofMillis(50));
    }
    assertThat(workflow.status().phase()).isEqualTo(phase);
  }
}
