package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.TenantMigrationRepairWorkflow;
import com.matih.tenantmigration.workflow.log.RepairLog;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import org.jspecify.annotations.Nullable;

/** See {@link TenantMigrationRepairWorkflow}; {@link RepairSteps} does the work. */
public final class TenantMigrationRepairWorkflowImpl implements TenantMigrationRepairWorkflow {

  private final RepairLog log;
  private final RepairSteps steps;

  /** Temporal hands over the input before it delivers any query or update. */
  @WorkflowInit
  public TenantMigrationRepairWorkflowImpl(RepairRequest request) {
    MigrationContext context =
        MigrationContext.ofRepair(Workflow.getInfo(), request.migrationId(), request.request());
    this.log = new RepairLog(request, context);
    this.steps = new RepairSteps(request, context, log);
  }

  @Override
  public RepairReport repair(RepairRequest sameRequest) {
    RepairReport[] report = new RepairReport[1];
    // a native cancel must not stop the way back in its middle
    Workflow.newDetachedCancellationScope(() -> report[0] = steps.run()).run();
    return report[0];
  }

  @Override
  public MigrationStatus status() {
    return new MigrationStatus(log.phase(), false, false, true, log.delay(), log.report());
  }

  @Override
  public String requestCancel(@Nullable String reason, @Nullable String by) {
    throw new IllegalStateException("refused by validateCancel");
  }

  @Override
  public void validateCancel(@Nullable String reason, @Nullable String by) {
    throw refusal();
  }

  @Override
  public String approveCutover(@Nullable String approver) {
    throw new IllegalStateException("refused by validateApproval");
  }

  @Override
  public void validateApproval(@Nullable String approver) {
    throw refusal();
  }

  private IllegalStateException refusal() {
    return new IllegalStateException(
        ("A repair of the tenant's migration %s is running; it can be neither"
                + " approved nor cancelled. Wait for its end.")
            .formatted(log.report().migrationId()));
  }
}
