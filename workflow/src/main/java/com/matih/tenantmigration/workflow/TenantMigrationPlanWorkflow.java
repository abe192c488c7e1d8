package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Looks at every store as a migration's preflight does, and changes nothing anywhere. */
@WorkflowInterface
public interface TenantMigrationPlanWorkflow {

  @WorkflowMethod(name = TemporalNames.PLAN_WORKFLOW_TYPE)
  MigrationPlan plan(MigrationRequest request);
}
