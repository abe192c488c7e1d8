package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelTest extends HeldMigration {

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
        "CheckRows",
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
  void duringAndAfterTheFinalStepACancelIsRefusedWithTheReason(String activity) {
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
  void aNativeCancelAfterTheFinalStepBeganChangesNothing() {
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

  @ParameterizedTest
  @ValueSource(strings = {"FenceDatabaseWrites", "CopyRows", "CheckRows"})
  void aCancelIsACancelAlsoWhereTheStepFailsMeanwhile(String activity) {
    TenantMigrationWorkflow workflow = startAndReachOneThatBreaks(activity);

    workflow.cancelMigration("wrong tenant", "dana");
    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertThat(report.failure().type()).isEqualTo(FailureType.CANCELLED);
    assertThat(report.failure().message()).isEqualTo("wrong tenant");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PlanPostgres", "PlanTopics", "PlanCache"})
  void aCancelThatBreaksALookOfThePreflightIsACancelAndNoRefusal(String activity) {
    TenantMigrationWorkflow workflow = startAndReachOneThatBreaks(activity);

    workflow.requestCancel("wrong tenant", "dana");
    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertThat(report.refusals()).isEmpty();
    assertThat(harness.activities.begun()).doesNotContain("ProvisionDatabase", "RouteBack");
  }

  @Test
  void aCancelWhoseReasonIsNoTextIsACancelAllTheSame() {
    startAndReach("CopyRows");

    harness.stub().signal("cancelMigration", Map.of("reason", "wrong tenant"), 7);
    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure().message()).isEqualTo("{reason=wrong tenant}");
  }

  @Test
  void aCancelReachesAPausedMigration() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    workflow.pause("lunch", "dana");
    harness.awaitEnded("CopyRows cancelled");
    workflow.requestCancel("never mind", "dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }
}
