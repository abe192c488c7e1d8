package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationPlan;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every store as a migration's preflight does, and changes nothing anywhere but a scratch
 * database that it drops.
 */
@WorkflowInterface
public interface TenantMigrationPlanWorkflow {

  /**
   * Looks.
   *
   * @param request a {@code MigrationRequest} as JSON, as for a migration
   * @param noRehearsal whether to create no scratch database either; false where it is left out
   */
  @WorkflowMethod(name = TemporalNames.PLAN_WORKFLOW_TYPE)
  MigrationPlan plan(@Nullable RawValue request, boolean noRehearsal);
}
