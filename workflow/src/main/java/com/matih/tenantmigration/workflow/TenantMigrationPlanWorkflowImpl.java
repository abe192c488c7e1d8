package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** See {@link TenantMigrationPlanWorkflow}. */
public final class TenantMigrationPlanWorkflowImpl implements TenantMigrationPlanWorkflow {

  @Override
  public MigrationPlan plan(@Nullable RawValue raw) {
    WorkflowInfo info = Workflow.getInfo();
    WorkflowInput input = WorkflowInput.of(raw);
    MigrationContext context = MigrationContext.of(info, input.request());
    MigrationRequest request = context.request();
    PlanFindings findings = new Preflight(context, input.problems()).look();
    List<Warning> warnings = new ArrayList<>(findings.warnings());
    warnings.addAll(PlannedNumbers.warnings(request, findings.stores()));
    return new MigrationPlan(context.tenant(), findings.refusals(), warnings, findings.stores());
  }
}
