package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationRepairWorkflow;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairReport.Way;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.RepairStep;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.client.WorkflowOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a repair runs, in which order, and what it makes of the record. */
class RepairTest {

  private static final MigrationRequest REQUEST = MigrationHarness.request(Approval.AUTOMATIC);
  private static final String MIGRATION = "3f9a1c2b4d5e";

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void aTerminatedMigrationGoesTheWayBackOfARollbackAndTheTenantComesFirst() {
    found(Outcome.RUNNING, false);

    RepairReport repaired = repair(true);

    assertThat(repaired.way()).isEqualTo(Way.BACK);
    assertThat(repaired.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(repaired.somethingLeft()).isFalse();
    List<String> steps = repaired.steps().stream().map(RepairStep::step).toList();
    assertThat(steps.subList(0, 3))
        .containsExactly("ROUTE_BACK", "RELEASE_FENCE", "REACTIVATE_TENANT");
    assertThat(Set.copyOf(steps))
        .isEqualTo(
            Set.of(Compensation.values()).stream().map(Enum::name).collect(Collectors.toSet()));
  }

  @Test
  void aLookRunsNothingAndNamesTheSameSteps() {
    found(Outcome.RUNNING, false);

    RepairReport look = repair(false);

    assertThat(look.somethingLeft()).isTrue();
    assertThat(look.steps())
        .allMatch(step -> step.status() == RepairStep.Status.PLANNED)
        .extracting(RepairStep::step)
        .startsWith("ROUTE_BACK", "RELEASE_FENCE", "REACTIVATE_TENANT")
        .endsWith("REMOVE_FENCE")
        .hasSize(Compensation.values().length);
    assertThat(harness.activities.begun()).containsExactly("ReadUnfinished", "LookForFence");
    assertThat(harness.activities.audit()).isEmpty();
  }

  @Test
  void aTenantThatWasActivatedGoesForward() {
    found(Outcome.RUNNING, true);
    harness.activities.on("IsTenantActivated", () -> true);

    RepairReport repaired = repair(true);

    assertThat(repaired.way()).isEqualTo(Way.FORWARD);
    assertThat(repaired.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun())
        .contains("RemoveLedger", "RemoveReplayAnchor", "RemoveWriteAlias", "RemoveWarmedIndex")
        .doesNotContain("RouteBack", "DropDatabase");
  }

  @Test
  void ofARollbackThatLeftTheTriggersOnlyTheirRemovalIsRunAgain() {
    found(
        Outcome.ROLLED_BACK,
        false,
        List.of(
            new RollbackStep("RELEASE_FENCE", RollbackStep.Status.DONE, "released"),
            new RollbackStep("DROP_DATABASE", RollbackStep.Status.DONE, "dropped"),
            new RollbackStep("REMOVE_FENCE", RollbackStep.Status.FAILED, "held for hours")));

    RepairReport look = repair(false);
    RepairReport repaired = repair(true);

    assertThat(look.steps()).extracting(RepairStep::step).containsExactly("REMOVE_FENCE");
    assertThat(repaired.steps()).extracting(RepairStep::step).containsExactly("REMOVE_FENCE");
    assertThat(repaired.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(repaired.somethingLeft()).isFalse();
    assertThat(harness.activities.begun())
        .contains("RemoveFence")
        .doesNotContain("DropDatabase", "RouteBack", "ReactivateTenant");
  }

  @Test
  void whatFailsAgainStaysIncompleteAndSaysWhatIsLeftAndHowToRemoveIt() {
    found(Outcome.ROLLBACK_INCOMPLETE, false);
    harness.activities.fail("DropDatabase", FailureType.PERMISSION_DENIED);

    RepairReport repaired = repair(true);

    assertThat(repaired.outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    assertThat(repaired.somethingLeft()).isTrue();
    assertThat(repaired.steps())
        .filteredOn(step -> step.status() == RepairStep.Status.FAILED)
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.message())
                    .contains("DropDatabase broke", "/acme", "To finish it: repair acme")
                    .contains("DROP DATABASE \"acme\" WITH (FORCE)"));
  }

  @Test
  void ofAMigrationThatEndedAsItShouldNothingIsLeft() {
    found(Outcome.ROLLED_BACK, false);

    RepairReport nothing = repair(true);

    assertThat(nothing.way()).isEqualTo(Way.NONE);
    assertThat(nothing.somethingLeft()).isFalse();
    assertThat(harness.activities.begun()).containsExactly("ReadUnfinished");
  }

  private RepairReport repair(boolean act) {
    return repair(harness, act);
  }

  private void found(Outcome outcome, boolean activated) {
    found(outcome, activated, List.of());
  }

  private void found(Outcome outcome, boolean activated, List<RollbackStep> rollback) {
    harness.activities.on("ReadUnfinished", () -> findings(outcome, activated, rollback));
  }

  /** Has a migration repaired of which that is on record; for the histories that are recorded. */
  static void repair(MigrationHarness harness, Outcome outcome, boolean activated) {
    harness.activities.on("ReadUnfinished", () -> findings(outcome, activated, List.of()));
    var unused = repair(harness, true);
  }

  private static RepairReport repair(MigrationHarness harness, boolean act) {
    TenantMigrationRepairWorkflow workflow =
        harness
            .client()
            .newWorkflowStub(
                TenantMigrationRepairWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TemporalNames.TASK_QUEUE)
                    .setWorkflowId(TemporalNames.workflowId("acme"))
                    .build());
    return workflow.repair(new RepairRequest(MIGRATION, REQUEST, act, "ada", "terminated"));
  }

  private static RepairFindings findings(
      Outcome outcome, boolean activated, List<RollbackStep> rollback) {
    Instant began = Instant.parse("2026-11-28T10:00:00Z");
    MigrationReport onRecord =
        new MigrationReport(
            MIGRATION,
            TemporalNames.workflowId("acme"),
            "run",
            "acme",
            outcome,
            false,
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(new PhaseTiming(Phase.COPY, began, null)),
            null,
            null,
            StoresSummary.NONE,
            List.of(),
            rollback,
            began,
            null,
            List.of(),
            List.of(),
            REQUEST);
    return new RepairFindings(onRecord, activated, activated, false, "READ_ONLY", began, Map.of());
  }
}
