package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.TenantConfigActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.List;

/** The tenant's row in the control plane: its state and its route. */
public final class TenantConfiguration {

  private final MigrationContext context;
  private final Stubs<TenantConfigActivities> config;

  public TenantConfiguration(MigrationContext context) {
    this.context = context;
    this.config = Stubs.of(TenantConfigActivities.class, context);
  }

  public PlanFindings plan() {
    return config.moment().plan(context);
  }

  public void makeReadOnly(StepRunner steps) {
    steps.register(reactivate());
    config.step().makeReadOnly(context);
  }

  /** Waits until the services have stopped writing, or long enough; answers which have not said. */
  public List<Warning> awaitServices() {
    return config.step().awaitServices(context).warnings();
  }

  /** Points the route at the dedicated side; the tenant stays read-only. */
  public void switchRoute(StepRunner steps) {
    steps.register(routeBack());
    config.step().switchRoute(context);
  }

  /** The point of no return: the tenant may write on the dedicated side. */
  public void activate() {
    config.untilDone().activate(context);
  }

  public boolean isActivated() {
    return config.untilDone().isActivated(context);
  }

  /** Every step of a rollback, in the order in which a migration registers them. */
  public List<RollbackAction> rollback() {
    return List.of(reactivate(), routeBack());
  }

  private RollbackAction reactivate() {
    return new RollbackAction(
        Compensation.REACTIVATE_TENANT,
        "the state of tenant " + context.request().tenant(),
        List.of(),
        reason -> config.untilDone().reactivate(context));
  }

  private RollbackAction routeBack() {
    return new RollbackAction(
        Compensation.ROUTE_BACK,
        "the route of tenant " + context.request().tenant(),
        List.of(),
        reason -> config.untilDone().routeBack(context));
  }
}
