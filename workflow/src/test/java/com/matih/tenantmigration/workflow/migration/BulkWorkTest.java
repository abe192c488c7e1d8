package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BulkWorkTest {

  private static final String BULK = TemporalNames.TASK_QUEUE + "-bulk";

  @Test
  void copiesAndChecksTakeTheirTurnInAQueueOfTheirOwnAndNothingElseDoes() {
    try (MigrationHarness harness = new MigrationHarness()) {
      harness.activities.fail("CheckRows", FailureType.STORE_ERROR);
      harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

      assertThat(harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents())
          .filteredOn(HistoryEvent::hasActivityTaskScheduledEventAttributes)
          .extracting(HistoryEvent::getActivityTaskScheduledEventAttributes)
          .hasSizeGreaterThan(20)
          .allSatisfy(
              scheduled ->
                  assertThat(scheduled.getTaskQueue().getName())
                      .as(scheduled.getActivityType().getName())
                      .isEqualTo(isBulk(scheduled) ? BULK : TemporalNames.TASK_QUEUE));
    }
  }

  @Test
  void whatFollowsATenantTakesNoSlotFromEither() {
    try (MigrationHarness harness = new MigrationHarness()) {
      harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

      assertThat(harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents())
          .filteredOn(HistoryEvent::hasActivityTaskScheduledEventAttributes)
          .extracting(HistoryEvent::getActivityTaskScheduledEventAttributes)
          .filteredOn(
              scheduled ->
                  Set.of("WatchCapture", "FollowRows")
                      .contains(scheduled.getActivityType().getName()))
          .hasSizeGreaterThan(2)
          .allSatisfy(
              scheduled ->
                  assertThat(scheduled.getTaskQueue().getName())
                      .isEqualTo(TemporalNames.followingTaskQueue(TemporalNames.TASK_QUEUE)));
    }
  }

  private static boolean isBulk(ActivityTaskScheduledEventAttributes scheduled) {
    return Step.ofActivity(scheduled.getActivityType().getName()).orElseThrow().isBulk();
  }

  @Test
  void aTenantComesBackThoughNobodyHasRoomForBulkWork() {
    try (MigrationHarness harness = MigrationHarness.withoutRoomForBulk()) {
      TenantMigrationWorkflow workflow =
          harness.start(MigrationHarness.request(Approval.AUTOMATIC));
      harness.awaitEnded("TakeSnapshot");

      assertThat(workflow.status().phase()).isIn(Phase.SNAPSHOT, Phase.COPY);
      workflow.requestCancel("it takes too long", "dana");
      MigrationReport report = harness.result();

      assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(harness.activities.ended())
          .containsSubsequence("ReleaseFence", "ReactivateTenant", "DropDatabase");
      assertThat(harness.activities.begun()).doesNotContain("CreateSchema", "CopyObjects");
    }
  }
}
