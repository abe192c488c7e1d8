package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Finishes a migration that has not ended as it should: its rollback, or its completion where the
 * tenant writes on the dedicated side already. May be repeated.
 *
 * <p>Its workflow's id is that of the tenant's migrations, so that a repair and a migration of one
 * tenant never run at the same time.
 */
@WorkflowInterface
public interface TenantMigrationRepairWorkflow {

  @WorkflowMethod(name = TemporalNames.REPAIR_WORKFLOW_TYPE)
  RepairReport repair(RepairRequest request);

  /** Where the migration stands that is being repaired. */
  @QueryMethod
  MigrationStatus status();

  /** Always refused: a repair is the way back already, or there is none. */
  @UpdateMethod
  String requestCancel(@Nullable String reason, @Nullable String by);

  @UpdateValidatorMethod(updateName = "requestCancel")
  void validateCancel(@Nullable String reason, @Nullable String by);

  /** Always refused: a repair waits for nobody. */
  @UpdateMethod
  String approveCutover(@Nullable String approver);

  @UpdateValidatorMethod(updateName = "approveCutover")
  void validateApproval(@Nullable String approver);
}
