package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThrottleTest extends HeldMigration {

  @Test
  void anUpdateChangesTheThrottleAndAnswersWhenActivitiesCanSeeIt() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    String answer = workflow.changeThrottle("10MB", "5s", "dana");

    assertThat(answer)
        .isEqualTo("throttle: 10MB/s for each store, waits for replicas more than 5s behind");
    assertThat(harness.activities.ended()).contains("KeepThrottle");
    assertThat(workflow.status().report().throttle())
        .isEqualTo(new ThrottleSpec(10_000_000L, Duration.ofSeconds(5)));
    goOn.countDown();
    MigrationReport report = harness.result();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.wishes())
        .extracting(AcceptedCommand::kind, AcceptedCommand::by)
        .containsExactly(tuple(AcceptedCommand.Kind.THROTTLE, "dana"));
    assertThat(audited())
        .containsExactly(
            Map.of(
                "by", "dana",
                "throttle", "10MB/s for each store, waits for replicas more than 5s behind"));
  }

  @Test
  void aSignalChangesOneBoundAndLeavesTheOther() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");
    workflow.throttle("1MB", "5s", "dana");
    workflow.throttle(1000, null, "dana");
    harness.awaitEnded("KeepThrottle");
    assertThat(workflow.status().report().throttle())
        .isEqualTo(new ThrottleSpec(1000L, Duration.ofSeconds(5)));

    workflow.throttle("off", "OFF", "ada");
    goOn.countDown();

    assertThat(harness.result().throttle()).isNull();
    assertThat(audited()).hasSize(3).last().isEqualTo(Map.of("by", "ada", "throttle", "off"));
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAReason() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    assertRefused(workflow, "fast", null, "'fast' is not a number of bytes such as 50MB");
    assertRefused(workflow, "0", null, "has to be more than zero");
    assertRefused(workflow, null, "3h", "from 100ms to 1h");
    assertRefused(workflow, null, null, "Neither bytesPerSecond nor maxReplicaLag is given");
    workflow.throttle("fast", null, "dana");
    goOn.countDown();

    assertThat(harness.result().throttle()).isNull();
    assertThat(harness.activities.ended()).doesNotContain("KeepThrottle");
    assertThat(audited("REFUSED")).hasSize(1);
  }

  @Test
  void aReadOnlyTenantOfAnOnlineMigrationIsNotThrottled() {
    harness.activities.hold("DrainRows", reached, goOn);
    TenantMigrationWorkflow workflow =
        harness.start(MigrationHarness.onlineRequest(Approval.AUTOMATIC));
    ScriptedActivities.await(reached);

    assertRefused(workflow, "1MB", null, "The tenant is read-only");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  /** After the cutover the shared side is read once more, and nothing else could stop that. */
  @Test
  void theComparisonAfterTheCutoverCanBeSetFree() {
    harness.activities.hold("CompareFrozenRows", reached, goOn);
    TenantMigrationWorkflow workflow =
        harness.start(MigrationHarness.onlineRequest(Approval.AUTOMATIC));
    ScriptedActivities.await(reached);

    assertThat(workflow.changeThrottle("2MB", null, "dana")).contains("2MB/s");
    harness.awaitEnded("KeepThrottle");
    goOn.countDown();

    MigrationReport report = harness.result();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.throttle()).isNotNull();
  }

  @Test
  void aPausedMigrationStaysPausedWhenItsThrottleChanges() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");
    workflow.pause("backup runs", "dana");

    workflow.changeThrottle("1MB", null, "dana");

    assertThat(workflow.status().report().pause()).isPresent();
    workflow.resume("dana");
    goOn.countDown();
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private static void assertRefused(
      TenantMigrationWorkflow workflow, String bytes, String lag, String reason) {
    assertThatThrownBy(() -> workflow.changeThrottle(bytes, lag, "dana"))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining(reason);
  }

  private List<Map<String, String>> audited() {
    return audited("ACCEPTED");
  }

  private List<Map<String, String>> audited(String outcome) {
    return harness.activities.audit().stream()
        .filter(entry -> entry.event().equals("THROTTLE") && entry.outcome().equals(outcome))
        .map(Entry::details)
        .toList();
  }
}
