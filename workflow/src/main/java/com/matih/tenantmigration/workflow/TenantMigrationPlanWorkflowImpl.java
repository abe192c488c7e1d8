package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.List;

/** See {@link TenantMigrationPlanWorkflow}. */
public final class TenantMigrationPlanWorkflowImpl implements TenantMigrationPlanWorkflow {

  @Override
  public MigrationPlan plan(MigrationRequest sentRequest) {
    WorkflowInfo info = Workflow.getInfo();
    MigrationContext context = MigrationContext.of(info, sentRequest);
    MigrationRequest request = context.request();
    PlanFindings findings = new Preflight(context).look();
    List<Warning> warnings = new ArrayList<>(findings.warnings());
    warnings.addAll(PlannedNumbers.warnings(request, findings.stores()));
    return new MigrationPlan(context.tenant(), findings.refusals(), warnings, findings.stores());
  }
}
