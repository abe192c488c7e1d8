package com.matih.tenantmigration.activities.tenantconfig;

import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.ACTIVATE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.READ_ONLY;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.SWITCH_ROUTE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.WITHDRAW;

import com.matih.tenantmigration.controlplane.AuditTrail;
import com.matih.tenantmigration.controlplane.LockedTenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.Optional;

/**
 * The way forward: read-only, then the route, then active.
 *
 * <p>Invariants: each step finds the configuration exactly as the step before left it, or fails as
 * a conflict; a step that has its line in the audit trail is done; after {@link
 * ConfigurationSteps#WITHDRAW} none gets through.
 */
final class ConfigurationSwitch {

  private final TenantConfigs configs;
  private final AuditTrail audit;

  ConfigurationSwitch(TenantConfigs configs, AuditTrail audit) {
    this.configs = configs;
    this.audit = audit;
  }

  /** Takes the tenant's right to write. */
  void makeReadOnly(MigrationContext context) {
    change(
        context,
        READ_ONLY,
        locked -> {
          TenantConfig current = current(locked, context);
          List<String> differences =
              current.differencesFrom(
                  current.withState(State.ACTIVE).withTier(context.request().tier().from()));
          if (!differences.isEmpty()) {
            throw conflict(locked, context, differences);
          }
          return current.withState(State.READ_ONLY);
        });
  }

  /** Points the route at the dedicated side. */
  void switchRoute(MigrationContext context) {
    change(
        context,
        SWITCH_ROUTE,
        locked -> DedicatedRoute.apply(context.request(), asLeftBy(READ_ONLY, locked, context)));
  }

  /**
   * Gives the right to write back, on the dedicated side: the point of no return. Where this fails
   * as a conflict it cannot happen later either.
   */
  void activate(MigrationContext context) {
    Optional<MigrationException> conflict =
        configs.locked(
            context.tenant(),
            locked -> {
              try {
                changeLocked(
                    locked,
                    context,
                    ACTIVATE,
                    it ->
                        asLeftBy(SWITCH_ROUTE, it, context)
                            .withState(State.ACTIVE)
                            .withTier(context.request().tier().to()));
                return Optional.empty();
              } catch (MigrationException e) {
                if (e.type() != FailureType.CONFIGURATION_CONFLICT) {
                  throw e;
                }
                // nothing was changed so far; this commits, so that no late attempt gets through
                locked.note(WITHDRAW.entry(context));
                return Optional.of(e);
              }
            });
    if (conflict.isPresent()) {
      throw conflict.get();
    }
  }

  /** Whether {@link #activate} has committed. */
  boolean isActivated(MigrationContext context) {
    return audit.has(context.migrationId(), ACTIVATE.key());
  }

  private void change(MigrationContext context, ConfigurationSteps step, Change change) {
    var unused =
        configs.locked(
            context.tenant(),
            locked -> {
              changeLocked(locked, context, step, change);
              return true;
            });
  }

  private static void changeLocked(
      LockedTenantConfig locked, MigrationContext context, ConfigurationSteps step, Change change) {
    String migration = context.migrationId();
    if (locked.isDone(migration, step.key())) {
      return;
    }
    if (locked.isDone(migration, WITHDRAW.key())) {
      throw new MigrationException(
          FailureType.CONFIGURATION_CONFLICT,
          "The migration is being rolled back, so it no longer changes the configuration of tenant"
              + " %s.".formatted(context.tenant()));
    }
    locked.change(change.next(locked), step.entry(context));
  }

  private static TenantConfig asLeftBy(
      ConfigurationSteps step, LockedTenantConfig locked, MigrationContext context) {
    TenantConfig left =
        locked
            .after(context.migrationId(), step.key())
            .orElseThrow(
                () ->
                    new MigrationException(
                        FailureType.CONFIGURATION_CONFLICT,
                        "Tenant %s was not made read-only by this migration before its route was to"
                                .formatted(context.tenant())
                            + " be switched; nothing was changed."));
    TenantConfig current = current(locked, context);
    List<String> differences = current.differencesFrom(left);
    if (!differences.isEmpty()) {
      throw conflict(locked, context, differences);
    }
    return current;
  }

  private static TenantConfig current(LockedTenantConfig locked, MigrationContext context) {
    return locked
        .current()
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.CONFIGURATION_CONFLICT,
                    "Tenant %s no longer has a row in tenant_control.tenant_config."
                        .formatted(context.tenant())));
  }

  private static MigrationException conflict(
      LockedTenantConfig locked, MigrationContext context, List<String> differences) {
    return new MigrationException(
        FailureType.CONFIGURATION_CONFLICT,
        ConfigurationConflict.describe(locked, context, differences) + " Nothing was changed.");
  }

  /** What the configuration becomes. */
  private interface Change {
    TenantConfig next(LockedTenantConfig locked);
  }
}
