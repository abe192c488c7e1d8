package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.activities.verification.EndpointReach;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.TenantConfigActivities;
import com.matih.tenantmigration.workflow.report.Acknowledged;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;

/** The tenant's configuration as activities. */
public final class TenantConfigActivitiesImpl implements TenantConfigActivities {

  private final TenantPlanner planner;
  private final EndpointReach endpoints;
  private final RequestReach reach;
  private final ConfigurationSwitch forward;
  private final ConfigurationRestore back;
  private final ServicesStop services;

  /**
   * @param secrets for the endpoints that a plan asks
   */
  public TenantConfigActivitiesImpl(ControlPlane controlPlane, SecretResolver secrets) {
    planner = new TenantPlanner(controlPlane.tenantConfigs(), controlPlane.migrations());
    endpoints = new EndpointReach(secrets);
    reach = new RequestReach(secrets);
    forward = new ConfigurationSwitch(controlPlane.tenantConfigs(), controlPlane.auditTrail());
    services = new ServicesStop(controlPlane.serviceInstances());
    back = new ConfigurationRestore(controlPlane.tenantConfigs());
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            planner
                .plan(context)
                .with(reach.plan(context, StoreName.VERIFICATION, () -> endpoints.look(context))));
  }

  @Override
  public void makeReadOnly(MigrationContext context) {
    ActivityRunner.run(context, monitor -> forward.makeReadOnly(context));
  }

  @Override
  public Acknowledged awaitServices(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> services.await(context, monitor));
  }

  @Override
  public void switchRoute(MigrationContext context) {
    ActivityRunner.run(context, monitor -> forward.switchRoute(context));
  }

  @Override
  public void activate(MigrationContext context) {
    ActivityRunner.run(context, monitor -> forward.activate(context));
  }

  @Override
  public boolean isActivated(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> forward.isActivated(context));
  }

  @Override
  public RollbackStep routeBack(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> back.routeBack(context));
  }

  @Override
  public RollbackStep reactivate(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> back.reactivate(context));
  }
}
