package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the steps of stores within a migration, and tells its log what they did.
 *
 * @param rollback takes how something is rolled back
 * @param pausable runs work that a pause stops and a resume starts again where it was
 */
public record StepRunner(
    Consumer<RollbackAction> rollback, Consumer<Runnable> pausable, MigrationLog log) {

  /** Registers how something is rolled back, before it is done. */
  void register(RollbackAction action) {
    rollback.accept(action);
  }

  /** Runs a step that the report's timeline shows, and that a pause stops. */
  void run(Step step, Runnable work) {
    pausable.accept(() -> log.timed(step, work));
  }

  /** Runs a step for as long as it takes, however often a pause stops it, beside the timeline. */
  void follow(StoreName store, Supplier<Followed> work) {
    pausable.accept(() -> log.followed(store, work.get()));
  }

  /** Runs a step that carries over the rest of a store under the fence. */
  void drain(Step step, Supplier<Drained> work) {
    run(step, () -> log.drained(work.get()));
  }

  /** The same for a step that moves data. */
  void move(Step step, Supplier<StoresSummary> work) {
    run(step, () -> log.moved(work.get()));
  }
}
