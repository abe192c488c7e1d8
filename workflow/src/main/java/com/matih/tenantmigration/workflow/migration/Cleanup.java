package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.stores.CleanupStep;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.temporal.Branches;
import com.matih.tenantmigration.workflow.temporal.Failures;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.function.Consumer;

/**
 * Removes what only the migration needed from the dedicated side that the tenant lives on now; what
 * cannot be removed is a warning, and changes nothing.
 */
final class Cleanup {

  private final List<CleanupStep> steps;
  private final Consumer<Warning> left;

  /**
   * @param left learns what was left
   */
  Cleanup(List<Store> stores, Consumer<Warning> left) {
    this.steps = stores.stream().flatMap(store -> store.cleanup().stream()).toList();
    this.left = left;
  }

  List<Step> steps() {
    return steps.stream().map(CleanupStep::step).toList();
  }

  /** All stores side by side. */
  void run() {
    Branches.run(steps.stream().<Runnable>map(step -> () -> run(step)).toList());
  }

  private void run(CleanupStep cleanup) {
    try {
      cleanup.work().run();
    } catch (ActivityFailure e) {
      if (Failures.saysEnded(e)) {
        throw e;
      }
      Step step = cleanup.step();
      left.accept(new Warning(step.store(), step.words(), Failures.message(e)));
    }
  }
}
