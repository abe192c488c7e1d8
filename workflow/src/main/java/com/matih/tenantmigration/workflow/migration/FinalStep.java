package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.UntilDone;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;

/**
 * The final step of the cutover: the dedicated database takes writes, then the tenant may write.
 *
 * <p>From the moment it is scheduled a cancel is refused, and the activation is tried until its
 * outcome is known: a failure that does not say whether the tenant was activated is no outcome. A
 * database that stays closed is one: nobody can have activated the tenant.
 */
final class FinalStep {

  private final List<Store> stores;
  private final TenantConfiguration tenant;
  private final OperatorControl control;
  private final MigrationLog log;

  FinalStep(
      List<Store> stores, TenantConfiguration tenant, OperatorControl control, MigrationLog log) {
    this.stores = stores;
    this.tenant = tenant;
    this.control = control;
    this.log = log;
  }

  /** Takes it, whatever is cancelled meanwhile; throws where the way back is open for certain. */
  void take() {
    control.passPointOfNoReturn();
    Workflow.newDetachedCancellationScope(
            () -> {
              openStores();
              if (WorkflowChange.WAY_BACK_UNTIL_DONE.applies()) {
                activate();
              } else {
                activateAsIn100();
              }
            })
        .run();
    log.writesPossible();
  }

  private void openStores() {
    try {
      stores.forEach(Store::open);
    } catch (ActivityFailure e) {
      control.returnIsPossible();
      throw e;
    }
  }

  /**
   * Any failure that ends this is for the way back to judge: it asks whether the tenant was
   * activated until it knows, before anything is rolled back.
   */
  private void activate() {
    try {
      UntilDone.run(
          Step.ACTIVATE_TENANT,
          log,
          () -> {
            tenant.activate();
            return true;
          });
    } catch (ActivityFailure e) {
      if (Failures.type(e).definite()) {
        control.returnIsPossible();
      }
      throw e;
    }
  }

  /** The loop of a run that was in it when its worker was replaced. */
  private void activateAsIn100() {
    Duration pause = Duration.ofSeconds(5);
    String told = "";
    while (true) {
      try {
        tenant.activate();
        return;
      } catch (ActivityFailure e) {
        if (Failures.type(e).definite()) {
          control.returnIsPossible();
          throw e;
        }
        String why = Failures.message(e);
        if (!why.equals(told)) {
          told = why;
          log.warn(new Warning(StoreName.TENANT, "the cutover's final step", why));
          log.write();
        }
        Workflow.newTimer(
                pause,
                TimerOptions.newBuilder()
                    .setSummary("retrying the final step of the cutover")
                    .build())
            .get();
        pause = pause.multipliedBy(2);
      }
    }
  }
}
