package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
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

  /** In the memo of a repair: the migration that it finishes. */
  static final String REPAIRED = "repairedMigration";

  /** In the memo of a repair: whether it acts, and does not only look. */
  static final String ACTS = "acts";

  private final WorkflowClient client;
  private final ControlPlane controlPlane;

  OutsideEnds(WorkflowClient client, ControlPlane controlPlane) {
    this.client = client;
    this.controlPlane = controlPlane;
  }

  /** How a migration ended that is on record as running, and does not run. */
  EndedFromOutside of(MigrationRecord record) {
    return of(
        TenantMigrations.migration(record),
        record.phase(),
        lastRun(TenantMigrations.migration(record)));
  }

  /**
   * How a migration ended that has not ended by itself, and does not run.
   *
   * @param phase the last one on record
   * @param last its last run, where Temporal knows one
   */
  EndedFromOutside of(
      StartedMigration migration, Phase phase, Optional<WorkflowExecutionDescription> last) {
    String runId = last.map(run -> run.getExecution().getRunId()).orElse(migration.runId());
    Optional<WorkflowExecutionTerminatedEventAttributes> terminated =
        last.flatMap(run -> closingEvent(run.getExecution()))
            .filter(HistoryEvent::hasWorkflowExecutionTerminatedEventAttributes)
            .map(HistoryEvent::getWorkflowExecutionTerminatedEventAttributes);
    return new EndedFromOutside(
        migration.tenant(),
        migration.migrationId(),
        last.map(OutsideEnds::how).orElse("unknown"),
        phase,
        isReadOnly(migration.tenant()),
        migration.workflowId(),
        runId,
        last.map(WorkflowExecutionDescription::getCloseTime).orElse(null),
        terminated.map(event -> filled(event.getIdentity())).orElse(null),
        terminated.map(event -> filled(event.getReason())).orElse(null),
        last.isPresent() ? null : asked(),
        isFollowed(migration));
  }

  /** A reset would end the run of the one that follows. */
  private boolean isFollowed(StartedMigration migration) {
    boolean otherRuns =
        newest(migration.tenant())
            .filter(OutsideEnds::runs)
            .filter(run -> !migrationId(run).equals(migration.migrationId()))
            .isPresent();
    return otherRuns
        || (controlPlane.migrations().find(migration.migrationId()).isPresent()
            && controlPlane
                .migrations()
                .latest(migration.tenant())
                .filter(last -> !last.migrationId().equals(migration.migrationId()))
                .isPresent());
  }

  private String asked() {
    return "Temporal at %s, namespace %s,"
        .formatted(
            client.getWorkflowServiceStubs().getOptions().getTarget(),
            client.getOptions().getNamespace());
  }

  /** The newest run of that migration, where Temporal knows one; a reset makes a new one. */
  Optional<WorkflowExecutionDescription> lastRun(StartedMigration migration) {
    return newest(migration.tenant())
        .filter(run -> migrationId(run).equals(migration.migrationId()))
        // a repair that has ended tells nothing of the migration's own end
        .filter(run -> !isRepair(run) || runs(run))
        .or(
            () ->
                describe(
                    migration.tenant(),
                    WorkflowTargetOptions.newBuilder()
                        .setWorkflowId(migration.workflowId())
                        .setRunId(migration.runId())
                        .build()));
  }

  /** The newest run of the tenant's workflow, where Temporal knows one. */
  Optional<WorkflowExecutionDescription> newest(String tenant) {
    return describe(
        tenant,
        WorkflowTargetOptions.newBuilder().setWorkflowId(TemporalNames.workflowId(tenant)).build());
  }

  private Optional<WorkflowExecutionDescription> describe(
      String tenant, WorkflowTargetOptions target) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(target).describe());
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    } catch (WorkflowServiceException e) {
      throw new UnreachableException(
          "Temporal did not return the state of the migration of tenant %s.".formatted(tenant), e);
    }
  }

  /** Whether a migration runs, or is being repaired; a repair that only looks is neither. */
  static boolean runs(WorkflowExecutionDescription run) {
    return isUnderWay(run) && (!isRepair(run) || acts(run));
  }

  static boolean isUnderWay(WorkflowExecutionDescription run) {
    return run.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
  }

  /** Whether the run finishes another run's migration. */
  static boolean isRepair(WorkflowExecutionDescription run) {
    return run.getWorkflowType().equals(TemporalNames.REPAIR_WORKFLOW_TYPE);
  }

  private static boolean acts(WorkflowExecutionDescription run) {
    return Boolean.TRUE.equals(run.getMemo(ACTS, Boolean.class));
  }

  /**
   * The migration that a run belongs to, the same for all runs that come of a reset, and for its
   * repairs.
   */
  static String migrationId(WorkflowExecutionDescription run) {
    if (isRepair(run)) {
      return String.valueOf(run.getMemo(REPAIRED, String.class));
    }
    String first = run.getWorkflowExecutionInfo().getFirstRunId();
    return MigrationContext.migrationId(first.isEmpty() ? run.getExecution().getRunId() : first);
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
      log.debug("Temporal did not return the end of run {}", run.getRunId(), e);
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
