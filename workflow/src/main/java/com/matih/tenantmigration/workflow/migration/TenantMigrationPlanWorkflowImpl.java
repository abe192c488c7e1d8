package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.TenantMigrationPlanWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.forecast.PlanForecast;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** See {@link TenantMigrationPlanWorkflow}. */
public final class TenantMigrationPlanWorkflowImpl implements TenantMigrationPlanWorkflow {

  @Override
  public MigrationPlan plan(@Nullable RawValue raw, boolean noRehearsal) {
    WorkflowInfo info = Workflow.getInfo();
    WorkflowInput input = WorkflowInput.of(raw);
    MigrationContext rehearsing = MigrationContext.of(info, input.request());
    MigrationContext context = noRehearsal ? rehearsing.withoutRehearsal() : rehearsing;
    List<Store> stores = Store.of(context);
    PlanFindings findings =
        new Preflight(
                context,
                new TenantConfiguration(context),
                stores,
                input.problems(),
                new OperatorControl())
            .look();
    List<Warning> warnings = new ArrayList<>(findings.warnings());
    stores.forEach(store -> warnings.addAll(store.planWarnings(findings.stores())));
    return new MigrationPlan(
        context.tenant(),
        findings.refusals(),
        warnings,
        findings.leftBehind(),
        findings.proposals(),
        findings.stores(),
        PlanForecast.of(input.request(), findings.estimates()),
        context.request().throttle());
  }
}
