package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows a tenant's migration to its end, a look every second. */
public final class MigrationWatch {

  private static final Logger log = LoggerFactory.getLogger(MigrationWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TenantMigrations migrations;
  private final Consumer<LiveMigration> view;

  /**
   * @param view is shown each look while the migration runs, and the one that finds it ended
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
   * @throws UnreachableException where Temporal does not answer for a minute
   * @throws EndedFromOutsideException where the migration ended without a report
   * @throws MigrationException where the control plane does not answer for a minute
   */
  public MigrationReport follow(String tenant) throws InterruptedException {
    Optional<LiveMigration> live = migrations.look(tenant);
    boolean seenRunning = false;
    while (true) {
      LiveMigration now =
          live.orElseThrow(
              () -> new WishRefusedException("Tenant %s was never migrated.".formatted(tenant)));
      if (!now.running()) {
        if (seenRunning) {
          view.accept(now);
        }
        return TenantMigrations.outcome(now);
      }
      view.accept(now);
      seenRunning = true;
      Thread.sleep(EVERY.toMillis());
      live = lookAgain(tenant);
    }
  }

  /** The migration goes on while Temporal or the control plane is away for a moment. */
  private Optional<LiveMigration> lookAgain(String tenant) throws InterruptedException {
    long givingUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return migrations.look(tenant);
      } catch (UnreachableException | MigrationException e) {
        boolean mayPass = !(e instanceof MigrationException known) || known.type().retryable();
        if (!mayPass || System.nanoTime() > givingUp) {
          throw e;
        }
        log.debug("no look at tenant {} now; trying again", tenant, e);
        Thread.sleep(EVERY.toMillis());
      }
    }
  }
}
