package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows a tenant's migration to its end, a look every second. */
public final class MigrationWatch {

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final TenantMigrations migrations;
  private final Consumer<LiveMigration> view;

  /**
   * @param view is shown each look while the migration runs
   */
  public MigrationWatch(TenantMigrations migrations, Consumer<LiveMigration> view) {
    this.migrations = migrations;
    this.view = view;
  }

  /**
   * Waits for the end.
   *
   * @return the report, whatever the outcome
   * @throws WishRefusedException where the tenant was never migrated
   * @throws UnreachableException where Temporal or the control plane does not answer, or the
   *     migration ended without a report
   */
  public MigrationReport follow(String tenant) throws InterruptedException {
    while (true) {
      Optional<LiveMigration> live = migrations.look(tenant);
      if (live.isEmpty()) {
        throw new WishRefusedException("Tenant %s was never migrated.".formatted(tenant));
      }
      if (!live.get().running()) {
        return TenantMigrations.outcome(live.get());
      }
      view.accept(live.get());
      Thread.sleep(EVERY.toMillis());
    }
  }
}
