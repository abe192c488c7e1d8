package com.matih.tenantmigration.worker;

import com.google.protobuf.Timestamp;
import com.matih.tenantmigration.controlplane.AuditLine;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long after the first activity that failed for good its tenant was back, and all was rolled
 * back.
 *
 * @param activity the one that failed
 * @param attempt which of its attempts that was
 * @param before why the attempt before it failed; empty if there was none
 * @param toActive from its failure, as Temporal took it, to the tenant's {@code ACTIVE}
 * @param toRolledBack from its failure to {@code ROLLED_BACK}
 */
record WayBackTimes(
    String activity, int attempt, String before, Duration toActive, Duration toRolledBack) {

  static WayBackTimes of(TestPlatform platform, String tenant) {
    MigrationRecord record = platform.controlPlane().migrations().latest(tenant).orElseThrow();
    MigrationReport report = record.report();
    List<HistoryEvent> events = history(platform, report);
    HistoryEvent failed =
        events.stream()
            .filter(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED)
            .findFirst()
            .orElseThrow();
    // event ids count from 1
    HistoryEvent scheduled =
        events.get((int) failed.getActivityTaskFailedEventAttributes().getScheduledEventId() - 1);
    HistoryEvent begun =
        events.get((int) failed.getActivityTaskFailedEventAttributes().getStartedEventId() - 1);
    Instant failedAt = instant(failed.getEventTime());
    Instant active =
        platform.controlPlane().auditTrail().list(tenant).stream()
            .filter(line -> line.event().equals("TENANT_REACTIVATED"))
            .map(AuditLine::at)
            .findFirst()
            .orElseThrow();
    Instant rolledBack = report.phases().get(report.phases().size() - 1).startedAt();
    return new WayBackTimes(
        scheduled.getActivityTaskScheduledEventAttributes().getActivityType().getName(),
        begun.getActivityTaskStartedEventAttributes().getAttempt(),
        begun.getActivityTaskStartedEventAttributes().getLastFailure().getMessage(),
        Duration.between(failedAt, active),
        Duration.between(failedAt, rolledBack));
  }

  private static List<HistoryEvent> history(TestPlatform platform, MigrationReport report) {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(platform.temporal().address())
                .build());
    try {
      return WorkflowClient.newInstance(service)
          .fetchHistory(report.workflowId(), report.runId())
          .getEvents();
    } finally {
      service.shutdownNow();
    }
  }

  private static Instant instant(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }
}
