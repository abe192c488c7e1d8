package com.matih.tenantmigration.activities.tenantconfig;

import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.ACTIVATE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.REACTIVATE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.READ_ONLY;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.ROUTE_BACK;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.SWITCH_ROUTE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.WITHDRAW;

import com.matih.tenantmigration.controlplane.LockedTenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import java.util.List;
import java.util.Optional;

/**
 * The way back: the route of before, then the state of before. Restores what this migration changed
 * and nothing that somebody else did; each step may be repeated.
 *
 * <p>Invariants: nothing goes back once the tenant was activated on the dedicated side; from the
 * first step back on, no step forward of this migration gets through, however late it comes.
 */
final class ConfigurationRestore {

  private final TenantConfigs configs;

  ConfigurationRestore(TenantConfigs configs) {
    this.configs = configs;
  }

  /** Restores the route; the tenant stays read-only. */
  RollbackStep routeBack(MigrationContext context) {
    return configs.locked(context.tenant(), locked -> new Step(locked, context).routeBack());
  }

  /** Restores the state. */
  RollbackStep reactivate(MigrationContext context) {
    return configs.locked(context.tenant(), locked -> new Step(locked, context).reactivate());
  }

  /** One step back, while nobody else can change the tenant's configuration. */
  private static final class Step {

    private final LockedTenantConfig locked;
    private final MigrationContext context;
    private final String migration;

    Step(LockedTenantConfig locked, MigrationContext context) {
      this.locked = locked;
      this.context = context;
      this.migration = context.migrationId();
    }

    RollbackStep routeBack() {
      if (isDone(ACTIVATE)) {
        return activated(Compensation.ROUTE_BACK);
      }
      locked.note(WITHDRAW.entry(context));
      if (isDone(ROUTE_BACK)) {
        return new RollbackStep(
            Compensation.ROUTE_BACK.name(), Status.DONE, "The route is what it was before.");
      }
      if (!isDone(SWITCH_ROUTE)) {
        return new RollbackStep(
            Compensation.ROUTE_BACK.name(), Status.NOT_NEEDED, "The route was never switched.");
      }
      TenantConfig before = locked.before(migration, SWITCH_ROUTE.key()).orElseThrow();
      Optional<TenantConfig> restored =
          locked.current().filter(now -> now.saysTheSameAs(before.withState(now.state())));
      if (restored.isPresent()) {
        // on record as a change of its own, which the next step takes up
        locked.change(restored.get(), ROUTE_BACK.entry(context));
        return new RollbackStep(
            Compensation.ROUTE_BACK.name(),
            Status.DONE,
            "The route is what it was before; it was restored by somebody else.");
      }
      return restore(
          Compensation.ROUTE_BACK,
          ROUTE_BACK,
          SWITCH_ROUTE,
          before,
          "The route is what it was before; the tenant is still read-only.");
    }

    RollbackStep reactivate() {
      if (isDone(ACTIVATE)) {
        return activated(Compensation.REACTIVATE_TENANT);
      }
      locked.note(WITHDRAW.entry(context));
      if (isDone(REACTIVATE)) {
        return new RollbackStep(
            Compensation.REACTIVATE_TENANT.name(), Status.DONE, "The tenant may write again.");
      }
      if (!isDone(READ_ONLY)) {
        return new RollbackStep(
            Compensation.REACTIVATE_TENANT.name(),
            Status.NOT_NEEDED,
            "This migration did not change the tenant's configuration.");
      }
      if (isDone(SWITCH_ROUTE) && !isDone(ROUTE_BACK)) {
        return failed(
            Compensation.REACTIVATE_TENANT,
            "The route still points at the dedicated side, so the tenant stays read-only. Restore"
                + " the route by hand, then set the state to ACTIVE.");
      }
      TenantConfig before = locked.before(migration, READ_ONLY.key()).orElseThrow();
      if (locked.current().map(before::saysTheSameAs).orElse(false)) {
        return new RollbackStep(
            Compensation.REACTIVATE_TENANT.name(),
            Status.NOT_NEEDED,
            "The configuration is what it was before; it was restored by somebody else.");
      }
      return restore(
          Compensation.REACTIVATE_TENANT,
          REACTIVATE,
          isDone(ROUTE_BACK) ? ROUTE_BACK : READ_ONLY,
          before,
          "The configuration is what it was before: the tenant may write again.");
    }

    private boolean isDone(ConfigurationSteps step) {
      return locked.isDone(migration, step.key());
    }

    /** Restores {@code before} where the configuration is as the last step left it. */
    private RollbackStep restore(
        Compensation compensation,
        ConfigurationSteps step,
        ConfigurationSteps last,
        TenantConfig before,
        String message) {
      if (locked.current().isEmpty()) {
        return failed(
            compensation,
            ("Tenant %s no longer has a row in tenant_control.tenant_config. Add it"
                    + " again from the audit trail.")
                .formatted(context.tenant()));
      }
      TenantConfig left = locked.after(migration, last.key()).orElseThrow();
      List<String> differences = locked.current().orElseThrow().differencesFrom(left);
      if (!differences.isEmpty()) {
        return failed(
            compensation,
            ConfigurationConflict.describe(locked, context, differences)
                + " It was not changed. Find out who changed it; to restore the previous values by"
                + " hand: "
                + before.asUpdate());
      }
      locked.change(before, step.entry(context));
      return new RollbackStep(compensation.name(), Status.DONE, message);
    }

    private RollbackStep activated(Compensation compensation) {
      return failed(
          compensation,
          ("Tenant %s is active on the dedicated side, so a rollback would lose what"
                  + " it wrote there. Nothing was changed; the migration has to be completed.")
              .formatted(context.tenant()));
    }

    private static RollbackStep failed(Compensation compensation, String message) {
      return new RollbackStep(compensation.name(), Status.FAILED, message);
    }
  }
}
