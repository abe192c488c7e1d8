package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Acknowledged;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * The tenant's configuration: each change one compare-and-set, announced by NOTIFY and committed
 * together with an audit row that is unique for migration and step, so that a second try of a step
 * whose answer was lost finds its own work.
 */
@ActivityInterface
public interface TenantConfigActivities {

  /**
   * Checks that the tenant is known, is ACTIVE and has the tier that the request migrates it from,
   * and whether its services' endpoints can be reached.
   */
  @ActivityMethod(name = "PlanTenant")
  PlanFindings plan(MigrationContext context);

  /** Sets the tenant READ_ONLY, and keeps what its configuration was before. */
  @ActivityMethod(name = "MakeTenantReadOnly")
  void makeReadOnly(MigrationContext context);

  /**
   * Waits until the services that the request names have acknowledged that the tenant's writes have
   * ended; at most for the request's {@code settle}.
   */
  @ActivityMethod(name = "AwaitServices")
  Acknowledged awaitServices(MigrationContext context);

  /** Points the route at the dedicated side; the tenant stays READ_ONLY. */
  @ActivityMethod(name = "SwitchRoute")
  void switchRoute(MigrationContext context);

  /**
   * Sets the new tier and ACTIVE: with its commit the tenant may write on the dedicated side.
   *
   * <p>Fails with {@link com.matih.tenantmigration.workflow.FailureType#CONFIGURATION_CONFLICT}
   * only where it is certain that it has not happened and will not.
   */
  @ActivityMethod(name = "ActivateTenant")
  void activate(MigrationContext context);

  /** Whether this migration's {@link #activate} has committed. */
  @ActivityMethod(name = "IsTenantActivated")
  boolean isActivated(MigrationContext context);

  /**
   * Restores the route of before; the tenant stays READ_ONLY. From here on no change of this
   * migration's gets through any more, not even of a late attempt. Answers FAILED, and changes
   * nothing, where {@link #activate} has committed or somebody else changed the configuration.
   */
  @ActivityMethod(name = "RouteBack")
  RollbackStep routeBack(MigrationContext context);

  /** Sets the state of before; answers FAILED where {@link #routeBack} would. */
  @ActivityMethod(name = "ReactivateTenant")
  RollbackStep reactivate(MigrationContext context);
}
