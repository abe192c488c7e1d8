package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Removes what only the migration needed from the dedicated side that the tenant lives on now; what
 * cannot be removed is told, and changes nothing.
 */
final class Tidying {

  private final MigrationContext context;
  private final Consumer<Warning> left;
  private final Activities moment = Activities.forMoments();

  /**
   * @param left learns what was left
   */
  Tidying(MigrationContext context, Consumer<Warning> left) {
    this.context = context;
    this.left = left;
  }

  /** What is removed of a request's stores. */
  static List<Step> steps(MigrationRequest request) {
    List<Step> steps = new ArrayList<>();
    if (request.postgres() != null) {
      steps.add(Step.REMOVE_LEDGER);
    }
    if (request.kafka() != null) {
      steps.add(Step.REMOVE_ANCHOR);
    }
    if (request.elasticsearch() != null) {
      steps.add(Step.REMOVE_WRITE_ALIAS);
    }
    if (request.redis() != null) {
      steps.add(Step.REMOVE_WARMED_INDEX);
    }
    return steps;
  }

  /** All stores side by side. */
  void run() {
    MigrationRequest request = context.request();
    List<Runnable> stores = new ArrayList<>();
    if (request.postgres() != null) {
      stores.add(tidy("postgres", () -> moment.postgres().removeLedger(context)));
    }
    if (request.kafka() != null) {
      stores.add(tidy("kafka", () -> moment.kafka().removeAnchor(context)));
    }
    if (request.elasticsearch() != null) {
      stores.add(tidy("elasticsearch", () -> moment.elasticsearch().removeWriteAlias(context)));
    }
    if (request.redis() != null) {
      stores.add(tidy("redis", () -> moment.redis().removeWarmedIndex(context)));
    }
    Concurrently.run(stores);
  }

  private Runnable tidy(String store, Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (ActivityFailure e) {
        if (Failures.saysEnded(e)) {
          throw e;
        }
        left.accept(new Warning(store, Step.wordsFor(e.getActivityType()), Failures.message(e)));
      }
    };
  }
}
