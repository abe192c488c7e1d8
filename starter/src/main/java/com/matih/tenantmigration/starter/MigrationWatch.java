package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows a migration to its end, a look every second. */
public final class MigrationWatch {

  private static final Logger log = LoggerFactory.getLogger(MigrationWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TenantMigrations migrations;
  private final Consumer<LiveMigration> view;
  private final @Nullable Duration patience;

  /**
   * One that gives up where Temporal or the control plane does not answer for a minute.
   *
   * @param view is shown each look while the migration runs, and the one that finds it ended
   */
  public MigrationWatch(TenantMigrations migrations, Consumer<LiveMigration> view) {
    this(migrations, view, PATIENCE);
  }

  private MigrationWatch(
      TenantMigrations migrations, Consumer<LiveMigration> view, @Nullable Duration patience) {
    this.migrations = migrations;
    this.view = view;
    this.patience = patience;
  }

  /** One that goes on until Temporal and the control plane answer, whatever they say meanwhile. */
  static MigrationWatch withoutEnd(TenantMigrations migrations) {
    return new MigrationWatch(
        migrations,
        live -> log.debug("tenant {} is in phase {}", live.tenant(), live.phase()),
        null);
  }

  /**
   * Waits for the end of the tenant's running migration, or tells that of its last one.
   *
   * @return the report, whatever the outcome
   * @throws OperationRejectedException where the tenant was never migrated
   * @throws UnreachableException where Temporal does not answer, or does not know the migration
   * @throws EndedFromOutsideException where the migration ended without a report
   * @throws MigrationException where the control plane does not answer
   */
  public MigrationReport follow(String tenant) throws InterruptedException {
    Supplier<StartedMigration> current =
        () ->
            migrations
                .current(tenant)
                .orElseThrow(
                    () ->
                        new OperationRejectedException(
                            "Tenant %s has never been migrated.".formatted(tenant)));
    // a person who has just asked is told at once what does not answer
    return follow(patience == null ? patiently(current) : current.get());
  }

  /**
   * Waits for the end of that migration, whatever else becomes of its tenant.
   *
   * @return the report, whatever the outcome
   * @throws UnreachableException where Temporal does not answer, or does not know the migration
   * @throws EndedFromOutsideException where the migration ended without a report
   * @throws MigrationException where the control plane does not answer
   */
  public MigrationReport follow(StartedMigration migration) throws InterruptedException {
    boolean seenRunning = false;
    while (true) {
      LiveMigration now = patiently(() -> migrations.look(migration));
      if (now.running() || seenRunning) {
        view.accept(now);
      }
      if (!now.running()) {
        return TenantMigrations.outcome(now);
      }
      seenRunning = true;
      Thread.sleep(EVERY.toMillis());
    }
  }

  /** The migration goes on while Temporal or the control plane is away. */
  private <T> T patiently(Supplier<T> question) throws InterruptedException {
    long asked = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        return question.get();
      } catch (UnreachableException | MigrationException e) {
        if (patience != null && (!mayPass(e) || System.nanoTime() - asked > patience.toNanos())) {
          throw e;
        }
        if (patience == null && !told) {
          log.warn("cannot follow a migration at the moment; trying again. {}", e.getMessage());
          told = true;
        }
        log.debug("cannot read the state now; trying again", e);
        Thread.sleep(EVERY.toMillis());
      }
    }
  }

  private static boolean mayPass(RuntimeException e) {
    return !(e instanceof MigrationException known) || known.type().retryable();
  }
}
