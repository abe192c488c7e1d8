package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Moves one tenant from the shared clusters to dedicated infrastructure, or leaves everything as it
 * was. The workflow's id is {@link TemporalNames#workflowId}, so that a tenant has one running
 * migration at most.
 */
@WorkflowInterface
public interface TenantMigrationWorkflow {

  /**
   * Runs the migration to its end.
   *
   * @return the report, whatever the outcome
   */
  @WorkflowMethod(name = TemporalNames.WORKFLOW_TYPE)
  MigrationReport migrate(MigrationRequest request);

  /** Stops before the next step, and stops a running copy, until {@link #resume}. */
  @SignalMethod
  void pause();

  /** Goes on after {@link #pause}. */
  @SignalMethod
  void resume();

  /** Approves the migration; accepted any time before the fence. */
  @SignalMethod
  void approve(String approver);

  /** Asks for a rollback; without effect from the cutover's last act on. */
  @SignalMethod
  void cancelMigration(String reason);

  /**
   * Approves the migration and answers.
   *
   * @return what was noted
   */
  @UpdateMethod
  String approveCutover(String approver);

  @UpdateValidatorMethod(updateName = "approveCutover")
  void validateApproval(String approver);

  /**
   * Asks for a rollback and answers.
   *
   * @return what was noted
   */
  @UpdateMethod
  String requestCancel(String reason);

  @UpdateValidatorMethod(updateName = "requestCancel")
  void validateCancel(String reason);

  @QueryMethod
  MigrationStatus status();
}
