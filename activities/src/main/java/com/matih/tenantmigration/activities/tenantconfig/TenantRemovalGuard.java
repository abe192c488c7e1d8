package com.matih.tenantmigration.activities.tenantconfig;

import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.ACTIVATE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.READ_ONLY;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.ROUTE_BACK;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.SWITCH_ROUTE;
import static com.matih.tenantmigration.activities.tenantconfig.ConfigurationSteps.WITHDRAW;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.controlplane.LockedTenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Proves from the control plane that the tenant is back, or was never there, and keeps its row
 * locked while something is removed.
 *
 * <p>First {@link ConfigurationSteps#WITHDRAW} commits, in a transaction of its own: should the
 * connection that holds the lock break in the middle of a removal, no step forward of this
 * migration gets through all the same. The lock keeps everybody else's from it.
 */
public final class TenantRemovalGuard implements RemovalGuard {

  /** Each holds a connection of the control plane's pool for as long as its removal lasts. */
  private static final int AT_A_TIME = 3;

  private static final int PATIENCE_SECONDS = 60;

  private final TenantConfigs configs;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);

  public TenantRemovalGuard(TenantConfigs configs) {
    this.configs = configs;
  }

  @Override
  public <T, E extends Exception> T removing(
      MigrationContext context, String what, Removal<T, E> removal) throws E {
    awaitTurn(what);
    Ended<T> ended;
    try {
      ended = prove(context, what, removal).orElseGet(() -> withdrawn(context, what, removal));
    } finally {
      turns.release();
    }
    return ended.<E>get();
  }

  private <T, E extends Exception> Ended<T> withdrawn(
      MigrationContext context, String what, Removal<T, E> removal) {
    return prove(context, what, removal)
        .orElseThrow(() -> new IllegalStateException("a line that was just written is gone"));
  }

  /** Removes; where the migration was not withdrawn before, only withdraws it. */
  private <T, E extends Exception> Optional<Ended<T>> prove(
      MigrationContext context, String what, Removal<T, E> removal) {
    return configs.locked(
        context.tenant(),
        locked -> {
          requireNoneServed(locked, context, what);
          if (!locked.isDone(context.migrationId(), WITHDRAW.key())) {
            locked.note(WITHDRAW.entry(context));
            return Optional.empty();
          }
          return Optional.of(Ended.of(removal));
        });
  }

  @Override
  public <E extends Exception> void beginAnew(MigrationContext context, String what, Act<E> removal)
      throws E {
    awaitTurn(what);
    Ended<Boolean> ended;
    try {
      ended =
          configs.locked(
              context.tenant(),
              locked -> {
                requireNoneServed(locked, context, what);
                requireOnItsWay(locked, context, what);
                return Ended.of(
                    () -> {
                      removal.run();
                      return true;
                    });
              });
    } finally {
      turns.release();
    }
    var unused = ended.<E>get();
  }

  private static void requireNoneServed(
      LockedTenantConfig locked, MigrationContext context, String what) {
    Optional<String> obstacle = new Proof(locked, context).obstacle();
    if (obstacle.isPresent()) {
      throw new MigrationException(
          FailureType.TENANT_IS_LIVE,
          "%s was not removed: %s".formatted(capitalized(what), obstacle.get()));
    }
  }

  /** A step that begins anew now, although the migration has passed it, comes too late. */
  private static void requireOnItsWay(
      LockedTenantConfig locked, MigrationContext context, String what) {
    for (ConfigurationSteps passed : List.of(SWITCH_ROUTE, WITHDRAW)) {
      if (locked.isDone(context.migrationId(), passed.key())) {
        throw new MigrationException(
            FailureType.WORK_ENDED,
            "%s was left as it is: migration %s is past the step that would start over."
                .formatted(capitalized(what), context.migrationId()));
      }
    }
  }

  private void awaitTurn(String what) {
    try {
      if (turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e);
    }
    throw new MigrationException(
        FailureType.STORE_ERROR,
        "%s waits for other removals on this worker and is retried.".formatted(capitalized(what)));
  }

  private static String capitalized(String what) {
    return what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
  }

  /** How a removal ended; its failure is thrown after the lock is given back, as it is. */
  private record Ended<T>(@Nullable T result, @Nullable Exception failure) {

    @SuppressWarnings("IllegalCatch")
    static <T> Ended<T> of(Removal<T, ?> removal) {
      try {
        return new Ended<>(removal.run(), null);
      } catch (Exception e) {
        return new Ended<>(null, e);
      }
    }

    @SuppressWarnings({
      "unchecked",
      "NullAway"
    }) // only what the removal declares or an unchecked one
    <E extends Exception> T get() throws E {
      if (failure != null) {
        throw (E) failure;
      }
      return result;
    }
  }

  /** What stands against a removal, while nobody else can change the tenant's configuration. */
  private static final class Proof {

    private final LockedTenantConfig locked;
    private final MigrationContext context;
    private final String tenant;

    Proof(LockedTenantConfig locked, MigrationContext context) {
      this.locked = locked;
      this.context = context;
      this.tenant = context.tenant();
    }

    Optional<String> obstacle() {
      Optional<TenantConfig> current = locked.current();
      if (current.isEmpty()) {
        return Optional.of(
            ("tenant %s has no row in tenant_control.tenant_config, so its route is unknown. Add"
                    + " the row again from the audit trail, then repeat the cleanup.")
                .formatted(tenant));
      }
      if (isDone(ACTIVATE)) {
        return Optional.of(
            ("migration %s has activated tenant %s on the dedicated side, where it writes. Do not"
                    + " change the dedicated side.")
                .formatted(context.migrationId(), tenant));
      }
      return notBack(current.get())
          .or(() -> named(current.get()))
          .or(() -> neighbours(current.get()));
    }

    private Optional<String> notBack(TenantConfig current) {
      if (!isDone(SWITCH_ROUTE)) {
        return Optional.empty();
      }
      TenantConfig before = locked.before(context.migrationId(), READ_ONLY.key()).orElseThrow();
      List<String> differences = current.withTier(before.tier()).differencesFrom(before);
      if (differences.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          isDone(ROUTE_BACK)
              ? ("the configuration of tenant %s is not what it was before the migration: %s. Find"
                      + " out who changed it, and repeat the cleanup once the tenant is where it"
                      + " was.")
                  .formatted(tenant, String.join(", ", differences))
              : ("the route of tenant %s was switched to the dedicated side and not restored. Bring"
                      + " the tenant back first, then repeat the cleanup.")
                  .formatted(tenant));
    }

    private Optional<String> named(TenantConfig current) {
      List<String> named =
          new DedicatedPlaces(context.request(), DedicatedRoute.apply(context.request(), current))
              .namedBy(current);
      return named.isEmpty()
          ? Optional.empty()
          : Optional.of(
              ("the route of tenant %s names the dedicated side: %s. Find out who changed it, and"
                      + " repeat the cleanup once the tenant is where it was.")
                  .formatted(tenant, String.join(", ", named)));
    }

    private Optional<String> neighbours(TenantConfig current) {
      DedicatedPlaces places =
          new DedicatedPlaces(context.request(), DedicatedRoute.apply(context.request(), current));
      return locked.others().stream()
          .filter(other -> !places.ownedNamedBy(other).isEmpty())
          .findFirst()
          .map(
              other ->
                  "it serves tenant %s: %s. Do not change it, or migrate that tenant first."
                      .formatted(other.tenantId(), String.join(", ", places.ownedNamedBy(other))));
    }

    private boolean isDone(ConfigurationSteps step) {
      return locked.isDone(context.migrationId(), step.key());
    }
  }
}
