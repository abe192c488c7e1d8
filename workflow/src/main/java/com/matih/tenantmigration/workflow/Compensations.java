package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import io.temporal.failure.TemporalFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What must be undone, registered before it is done, and run newest first.
 *
 * <p>The tenant comes back before anything is cleaned up: first its route, then the fence, then its
 * state. Each of these waits for the one before it, since a fence that falls while the route points
 * elsewhere would split the tenant's data. The cleaning steps are independent of one another, but
 * none runs while the route may still point at the dedicated side.
 */
final class Compensations {

  private final Deque<Step> tenantBack = new ArrayDeque<>();
  private final Deque<Step> cleanup = new ArrayDeque<>();

  /** Registers a step that brings the tenant back. */
  void tenantBack(Compensation name, Supplier<RollbackStep> undo) {
    tenantBack.push(new Step(name, undo));
  }

  /** Registers a step that removes what the migration created. */
  void cleanup(Compensation name, Supplier<RollbackStep> undo) {
    cleanup.push(new Step(name, undo));
  }

  boolean includes(Compensation name) {
    return tenantBack.stream().anyMatch(step -> step.name == name);
  }

  /**
   * Runs every step and reports each.
   *
   * @param tenantIsBack called once the tenant can write on the shared side again
   * @return whether all of them succeeded
   */
  boolean run(Consumer<RollbackStep> report, Runnable tenantIsBack) {
    Set<Compensation> failed = EnumSet.noneOf(Compensation.class);
    for (Step step : tenantBack) {
      RollbackStep result =
          failed.isEmpty()
              ? step.run()
              : step.heldBack("it waits for %s".formatted(failed.iterator().next()));
      note(step, result, failed, report);
    }
    if (failed.isEmpty()) {
      tenantIsBack.run();
    }
    boolean routeIsBack = !failed.contains(Compensation.ROUTE_BACK);
    for (Step step : cleanup) {
      RollbackStep result =
          routeIsBack
              ? step.run()
              : step.heldBack("the tenant's route may still point at the dedicated side");
      note(step, result, failed, report);
    }
    return failed.isEmpty();
  }

  private static void note(
      Step step, RollbackStep result, Set<Compensation> failed, Consumer<RollbackStep> report) {
    if (result.status() == Status.FAILED) {
      failed.add(step.name);
    }
    report.accept(result);
  }

  private record Step(Compensation name, Supplier<RollbackStep> undo) {

    RollbackStep run() {
      try {
        return undo.get();
      } catch (TemporalFailure e) {
        return new RollbackStep(name.name(), Status.FAILED, Failures.message(e));
      }
    }

    RollbackStep heldBack(String why) {
      return new RollbackStep(name.name(), Status.FAILED, "Held back: " + why + ".");
    }
  }
}
