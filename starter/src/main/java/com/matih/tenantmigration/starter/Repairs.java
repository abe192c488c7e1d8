package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.Unfinished;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the migration of a tenant that has not ended as it should, and has it finished. */
final class Repairs {

  private static final Logger log = LoggerFactory.getLogger(Repairs.class);

  /** A look asks the control plane and the shared database; an operator waits for it. */
  private static final Duration LOOK = Duration.ofSeconds(60);

  /** How long a run may take to close after it has put its outcome on record: mostly a moment. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final WorkflowClient client;
  private final ControlPlane controlPlane;
  private final OutsideEnds outsideEnds;

  Repairs(WorkflowClient client, ControlPlane controlPlane, OutsideEnds outsideEnds) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.outsideEnds = outsideEnds;
  }

  /**
   * A repair that has begun.
   *
   * @param migration the migration that is repaired, under the repair's own run
   */
  record Begun(StartedMigration migration, WorkflowStub workflow) {}

  /** What a tenant needs of a repair: nothing, or that of a migration. */
  private record Need(@Nullable RepairReport nothing, @Nullable RepairRequest request) {}

  /** Says what is left, and changes nothing. */
  RepairReport look(String tenant) {
    Need need = need(tenant, false, null);
    if (need.request() == null) {
      return nothing(need);
    }
    Begun begun = begin(tenant, need.request());
    try {
      return begun.workflow().getResult(LOOK.toSeconds(), TimeUnit.SECONDS, RepairReport.class);
    } catch (TimeoutException e) {
      giveUp(begun.workflow());
      throw new UnreachableException(
          ("No worker answered within %d seconds, so what is left of tenant %s is not known."
                  + " Check that a worker polls task queue %s. Nothing was changed.")
              .formatted(LOOK.toSeconds(), tenant, TemporalNames.TASK_QUEUE),
          e);
    } catch (WorkflowFailedException e) {
      throw withoutResult(tenant, e);
    }
  }

  /**
   * Begins to finish what is left.
   *
   * @return the repair, or what is said where nothing is left
   */
  Optional<Begun> begin(String tenant, String by) {
    Need need = need(tenant, true, by);
    return Optional.ofNullable(need.request()).map(request -> begin(tenant, request));
  }

  /** What a repair did, once it has ended. */
  static RepairReport result(Begun begun) {
    try {
      return begun.workflow().getResult(RepairReport.class);
    } catch (WorkflowFailedException e) {
      throw withoutResult(begun.migration().tenant(), e);
    }
  }

  private static RepairReport nothing(Need need) {
    if (need.nothing() == null) {
      throw new IllegalStateException("neither something nor nothing to repair");
    }
    return need.nothing();
  }

  private Need need(String tenant, boolean act, @Nullable String by) {
    outsideEnds.newest(tenant).filter(this::isClosing).ifPresent(this::awaitClosed);
    outsideEnds
        .newest(tenant)
        .filter(OutsideEnds::isUnderWay)
        .ifPresent(run -> refuse(tenant, run));
    Optional<TenantConfig> config = controlPlane.tenantConfigs().find(tenant);
    Optional<MigrationRecord> last = controlPlane.migrations().latest(tenant);
    if (config.isEmpty() && last.isEmpty()) {
      throw new OperationRejectedException(
          ("Tenant %s is unknown: it has neither a configuration nor a migration."
                  + " Check its id; list names the tenants that were migrated.")
              .formatted(tenant));
    }
    String state = config.map(known -> known.state().name()).orElse(null);
    if (last.isEmpty()) {
      return new Need(RepairReport.nothingLeft(tenant, null, null, state), null);
    }
    MigrationReport report = last.get().report();
    return newestUnfinished(tenant)
        .map(record -> new Need(null, request(record, act, by)))
        .orElseGet(
            () ->
                new Need(
                    RepairReport.nothingLeft(tenant, report.migrationId(), report.outcome(), state),
                    null));
  }

  /** Whether the run's migration has its outcome on record, and only the run is still open. */
  private boolean isClosing(WorkflowExecutionDescription run) {
    return OutsideEnds.isUnderWay(run)
        && !OutsideEnds.isRepair(run)
        && controlPlane
            .migrations()
            .find(OutsideEnds.migrationId(run))
            .filter(record -> record.outcome() != Outcome.RUNNING)
            .isPresent();
  }

  private void awaitClosed(WorkflowExecutionDescription run) {
    WorkflowStub closing =
        client.newUntypedWorkflowStub(
            WorkflowTargetOptions.newBuilder().setWorkflowExecution(run.getExecution()).build());
    try {
      var unused = closing.getResult(CLOSING.toSeconds(), TimeUnit.SECONDS, MigrationReport.class);
    } catch (TimeoutException | WorkflowException e) {
      log.debug("run {} did not close with a report", run.getExecution().getRunId(), e);
    }
  }

  /** Also one before the last, such as one whose fence's triggers could not be removed. */
  private Optional<MigrationRecord> newestUnfinished(String tenant) {
    return controlPlane.migrations().of(tenant).stream()
        .filter(record -> Unfinished.is(record.report()))
        .findFirst();
  }

  /** Whether a migration of the tenant has left something beside the one that was repaired. */
  boolean hasAnotherLeft(RepairReport repaired) {
    return newestUnfinished(repaired.tenant())
        .filter(record -> !record.migrationId().equals(repaired.migrationId()))
        .isPresent();
  }

  private RepairRequest request(MigrationRecord record, boolean act, @Nullable String by) {
    MigrationRequest request = record.report().request();
    if (request == null) {
      throw new OperationRejectedException(
          ("Migration %s of tenant %s has no recorded request (an earlier version"
                  + " wrote it), so its stores are unknown. Read its report and remove by hand"
                  + " what its journal names: SELECT store, name FROM"
                  + " tenant_control.migration_journal WHERE migration_id = '%s'.")
              .formatted(record.migrationId(), record.tenantId(), record.migrationId()));
    }
    String end = record.outcome() == Outcome.RUNNING ? outsideEnds.of(record).happened() : null;
    return new RepairRequest(record.migrationId(), request, act, by, end);
  }

  private void refuse(String tenant, WorkflowExecutionDescription run) {
    if (OutsideEnds.isRepair(run)) {
      throw new OperationRejectedException(
          "Tenant %s is being repaired already (run %s). Wait for its end; see: status %s"
              .formatted(tenant, run.getExecution().getRunId(), tenant));
    }
    throw new OperationRejectedException(
        ("The migration of tenant %s is running (run %s), and a repair is for one"
                + " that has ended. See: status %s; to roll it back: cancel %s --reason TEXT")
            .formatted(tenant, run.getExecution().getRunId(), tenant, tenant));
  }

  private Begun begin(String tenant, RepairRequest request) {
    String workflowId = TemporalNames.workflowId(tenant);
    WorkflowOptions.Builder options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(workflowId)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
            .setTaskQueue(TemporalNames.TASK_QUEUE)
            .setTypedSearchAttributes(new SearchAttributeSupport(client).forTenant(tenant))
            .setMemo(
                Map.of(
                    "tenant",
                    tenant,
                    OutsideEnds.REPAIRED,
                    request.migrationId(),
                    OutsideEnds.ACTS,
                    request.act()))
            .setStaticSummary(
                "%s: %s migration %s"
                    .formatted(
                        tenant,
                        request.act() ? "repair" : "check what is left of",
                        request.migrationId()));
    if (!request.act()) {
      options.setWorkflowExecutionTimeout(LOOK.plusSeconds(5));
    }
    WorkflowStub stub =
        client.newUntypedWorkflowStub(TemporalNames.REPAIR_WORKFLOW_TYPE, options.build());
    try {
      WorkflowExecution run = stub.start(request);
      return new Begun(
          new StartedMigration(tenant, request.migrationId(), workflowId, run.getRunId(), false),
          stub);
    } catch (WorkflowExecutionAlreadyStarted e) {
      outsideEnds.newest(tenant).ifPresent(run -> refuse(tenant, run));
      throw new OperationRejectedException(
          "A migration or repair of tenant %s is already running; see: status %s"
              .formatted(tenant, tenant));
    } catch (WorkflowServiceException e) {
      throw new UnreachableException(
          ("Temporal did not accept the repair of tenant %s. Check TEMPORAL_ADDRESS"
                  + " and TEMPORAL_NAMESPACE.")
              .formatted(tenant),
          e);
    }
  }

  private static void giveUp(WorkflowStub workflow) {
    try {
      workflow.terminate("nobody waits for the answer any more");
    } catch (WorkflowException e) {
      log.debug("a look that nobody waits for any more ends by itself", e);
    }
  }

  private static UnreachableException withoutResult(String tenant, WorkflowFailedException e) {
    return new UnreachableException(
        "The repair of tenant %s ended without a result. See: status %s. Then repeat it."
            .formatted(tenant, tenant),
        e);
  }
}
