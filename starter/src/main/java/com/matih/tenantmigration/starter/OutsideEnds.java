package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowTargetOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out how Temporal ended the workflow of a migration that did not end by itself. */
final class OutsideEnds {

  private static final Logger log = LoggerFactory.getLogger(OutsideEnds.class);

  private final WorkflowClient client;
  private final ControlPlane controlPlane;

  OutsideEnds(WorkflowClient client, ControlPlane controlPlane) {
    this.client = client;
    this.controlPlane = controlPlane;
  }

  /**
   * How a migration ended that is on record as running, and does not run.
   *
   * @param newest the newest run of the tenant's workflow; it may be another migration's
   */
  EndedFromOutside of(MigrationRecord record, Optional<WorkflowExecutionDescription> newest) {
    Optional<WorkflowExecutionDescription> last =
        newest
            .filter(run -> migrationId(run).equals(record.migrationId()))
            .or(() -> describe(record));
    String workflowId = TemporalNames.workflowId(record.tenantId());
    String runId =
        last.map(run -> run.getExecution().getRunId()).orElseGet(() -> record.report().runId());
    Optional<WorkflowExecutionTerminatedEventAttributes> terminated =
        last.flatMap(run -> closingEvent(run.getExecution()))
            .filter(HistoryEvent::hasWorkflowExecutionTerminatedEventAttributes)
            .map(HistoryEvent::getWorkflowExecutionTerminatedEventAttributes);
    return new EndedFromOutside(
        record.tenantId(),
        record.migrationId(),
        last.map(OutsideEnds::how).orElse("its run is gone from there"),
        record.phase(),
        isReadOnly(record.tenantId()),
        workflowId,
        runId,
        last.map(WorkflowExecutionDescription::getCloseTime).orElse(null),
        terminated.map(event -> filled(event.getIdentity())).orElse(null),
        terminated.map(event -> filled(event.getReason())).orElse(null));
  }

  /** The migration that a run belongs to, the same for all runs that come of a reset. */
  static String migrationId(WorkflowExecutionDescription run) {
    String first = run.getWorkflowExecutionInfo().getFirstRunId();
    return MigrationContext.migrationId(first.isEmpty() ? run.getExecution().getRunId() : first);
  }

  private Optional<WorkflowExecutionDescription> describe(MigrationRecord record) {
    try {
      return Optional.of(
          client
              .newUntypedWorkflowStub(
                  WorkflowTargetOptions.newBuilder()
                      .setWorkflowId(TemporalNames.workflowId(record.tenantId()))
                      .setRunId(record.report().runId())
                      .build())
              .describe());
    } catch (WorkflowException e) {
      log.debug("Temporal did not tell of migration {}", record.migrationId(), e);
      return Optional.empty();
    }
  }

  private Optional<HistoryEvent> closingEvent(WorkflowExecution run) {
    try {
      List<HistoryEvent> events =
          client
              .getWorkflowServiceStubs()
              .blockingStub()
              .getWorkflowExecutionHistory(
                  GetWorkflowExecutionHistoryRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .setExecution(run)
                      .setHistoryEventFilterType(
                          HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT)
                      .build())
              .getHistory()
              .getEventsList();
      return events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1));
    } catch (StatusRuntimeException e) {
      log.debug("Temporal did not tell the end of run {}", run.getRunId(), e);
      return Optional.empty();
    }
  }

  private boolean isReadOnly(String tenant) {
    return controlPlane
        .tenantConfigs()
        .find(tenant)
        .map(config -> config.state() == TenantConfig.State.READ_ONLY)
        .orElse(false);
  }

  /** {@code terminated}, {@code timed out} … */
  private static String how(WorkflowExecutionDescription run) {
    return run.getStatus()
        .name()
        .replace("WORKFLOW_EXECUTION_STATUS_", "")
        .replace('_', ' ')
        .toLowerCase(Locale.ROOT);
  }

  private static @Nullable String filled(String text) {
    return text.isBlank() ? null : text;
  }
}
