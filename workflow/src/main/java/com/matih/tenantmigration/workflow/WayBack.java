package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.failure.TemporalFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The way back to the shared side: what must be rolled back, registered before it is done.
 *
 * <p>The tenant comes back before anything is cleaned up: first its route, then the fence, then its
 * state. Each of these is tried until it is done and waits for the one before it, since a fence
 * that falls while the route points elsewhere would split the tenant's data. Where one of them
 * answers that it cannot be done, nothing is cleaned up: what would be removed may be live. The
 * cleaning steps are independent of one another, the newest first. The fence's triggers, which let
 * all writes through by then, are removed last and for hours, since any reader of the tenant's
 * tables holds that up; triggers that stay are a warning.
 */
final class WayBack {

  private static final Set<Compensation> BRING_BACK =
      EnumSet.range(Compensation.ROUTE_BACK, Compensation.REACTIVATE_TENANT);

  private final MigrationContext context;
  private final WayBackListener listener;

  /** The newest first. */
  private final Deque<Compensation> registered = new ArrayDeque<>();

  private final Activities untilDone = Activities.untilDone();
  private final Activities cleaning = Activities.forCleaning();
  private final Activities patient = Activities.forHours();

  /** Whether the run follows this version, and not 1.0.0, which gave up. */
  private boolean until;

  WayBack(MigrationContext context, WayBackListener listener) {
    this.context = context;
    this.listener = listener;
  }

  /**
   * The way back of a migration of which nothing is known but its context: every step that it may
   * have taken. A step answers NOT_NEEDED where there is nothing to roll back.
   */
  static WayBack ofEverything(MigrationContext context, WayBackListener listener) {
    WayBack way = new WayBack(context, listener);
    MigrationRequest request = context.request();
    if (request.postgres() != null) {
      way.register(Compensation.DROP_DATABASE);
    }
    if (request.objectStorage() != null) {
      way.register(Compensation.DELETE_OBJECTS);
    }
    if (request.kafka() != null) {
      way.register(Compensation.DELETE_TOPICS);
    }
    if (request.elasticsearch() != null) {
      way.register(Compensation.DELETE_INDICES);
    }
    way.register(Compensation.REACTIVATE_TENANT);
    if (request.postgres() != null) {
      way.register(Compensation.REMOVE_FENCE);
      way.register(Compensation.RELEASE_FENCE);
    }
    if (request.redis() != null) {
      way.register(Compensation.EVICT_CACHE);
    }
    way.register(Compensation.ROUTE_BACK);
    return way;
  }

  /** The registered steps in the order in which they are run. */
  List<Compensation> steps() {
    List<Compensation> steps = new ArrayList<>();
    BRING_BACK.stream().filter(registered::contains).forEach(steps::add);
    registered.stream()
        .filter(step -> !BRING_BACK.contains(step) && step != Compensation.REMOVE_FENCE)
        .forEach(steps::add);
    registered.stream().filter(step -> step == Compensation.REMOVE_FENCE).forEach(steps::add);
    return steps;
  }

  /** Registers a step, before what it rolls back is done. */
  void register(Compensation step) {
    registered.push(step);
  }

  /** Leaves out steps that are done: what they removed may be a later migration's by now. */
  void leaveOut(Set<Compensation> done) {
    registered.removeAll(done);
  }

  /**
   * Whether the tenant may write on the dedicated side; then the way leads forward. Asked until it
   * is known: without an answer either way could lose what the tenant has written. Called once,
   * before {@link #run}.
   */
  boolean wasActivated() {
    until = Change.WAY_BACK_UNTIL_DONE.applies();
    if (!until && !registered.contains(Compensation.ROUTE_BACK)) {
      return false;
    }
    try {
      return until
          ? UntilDone.run(
              Step.IS_ACTIVATED, listener, () -> untilDone.tenantConfig().isActivated(context))
          : untilDone.tenantConfig().isActivated(context);
    } catch (TemporalFailure e) {
      letOut(e);
      // the step that brings the route back looks again, and refuses where the tenant is active
      listener.warn(new Warning("tenantConfig", Step.IS_ACTIVATED.words(), Failures.message(e)));
      return false;
    }
  }

  /**
   * Runs every registered step and reports each.
   *
   * @param reason why the tenant goes back, for a database that is kept and marked
   * @return whether nothing that matters was left
   */
  boolean run(String reason) {
    Set<Compensation> failed = EnumSet.noneOf(Compensation.class);
    for (Compensation step : BRING_BACK) {
      if (registered.contains(step)) {
        note(step, failed.stream().findFirst(), () -> bringBack(step), failed);
      }
    }
    if (failed.isEmpty()) {
      listener.tenantIsBack();
    }
    Optional<Compensation> inTheWay =
        failed.stream().filter(step -> until || step == Compensation.ROUTE_BACK).findFirst();
    for (Compensation step : registered) {
      if (!BRING_BACK.contains(step) && step != Compensation.REMOVE_FENCE) {
        note(step, inTheWay, () -> clean(step, reason), failed);
      }
    }
    if (until && registered.contains(Compensation.REMOVE_FENCE)) {
      removeFence(inTheWay);
    }
    return failed.isEmpty();
  }

  private void note(
      Compensation step,
      Optional<Compensation> inTheWay,
      Supplier<RollbackStep> work,
      Set<Compensation> failed) {
    RollbackStep result = run(step, inTheWay, work);
    if (result.status() == Status.FAILED) {
      failed.add(step);
    }
    listener.compensated(result);
  }

  /**
   * Triggers that let everything through harm nobody, so they do not make a rollback incomplete.
   */
  private void removeFence(Optional<Compensation> inTheWay) {
    RollbackStep result =
        run(
            Compensation.REMOVE_FENCE,
            inTheWay,
            () -> undo(patient, Compensation.REMOVE_FENCE, ""));
    if (result.status() == Status.FAILED) {
      listener.warn(new Warning("postgres", about(Compensation.REMOVE_FENCE), result.message()));
    }
    listener.compensated(result);
  }

  private RollbackStep run(
      Compensation step, Optional<Compensation> inTheWay, Supplier<RollbackStep> work) {
    if (inTheWay.isPresent()) {
      return failed(
          step, "Held back: it waits for %s, which failed.".formatted(inTheWay.get()), "");
    }
    try {
      RollbackStep result = work.get();
      return result.status() == Status.FAILED
          ? failed(step, result.message(), ByHand.of(step, context))
          : result;
    } catch (TemporalFailure e) {
      letOut(e);
      return failed(step, Failures.message(e), ByHand.of(step, context));
    }
  }

  /** What failed, what it left, and how that is removed. */
  private RollbackStep failed(Compensation step, String why, String byHand) {
    String message =
        "%s Left as it is: %s. To finish it: repair %s. %s"
            .formatted(sentence(why), about(step), context.tenant(), byHand);
    return new RollbackStep(step.name(), Status.FAILED, message.strip());
  }

  private static String sentence(String text) {
    return text.isEmpty() || text.matches("(?s).*[.!?…]") ? text : text + ".";
  }

  private RollbackStep bringBack(Compensation step) {
    return until
        ? UntilDone.run(Step.of(step), listener, () -> undo(untilDone, step, ""))
        : undo(untilDone, step, "");
  }

  private RollbackStep clean(Compensation step, String reason) {
    return undo(cleaning, step, reason);
  }

  private RollbackStep undo(Activities activities, Compensation step, String reason) {
    return switch (step) {
      case ROUTE_BACK -> activities.tenantConfig().routeBack(context);
      case RELEASE_FENCE -> activities.postgres().releaseFence(context);
      case REACTIVATE_TENANT -> activities.tenantConfig().reactivate(context);
      case DROP_DATABASE -> activities.postgres().dropDatabase(context, reason);
      case DELETE_OBJECTS -> activities.objectStorage().deleteObjects(context);
      case DELETE_TOPICS -> activities.kafka().deleteTopics(context);
      case DELETE_INDICES -> activities.elasticsearch().deleteIndices(context);
      case EVICT_CACHE -> activities.redis().evict(context);
      case REMOVE_FENCE -> activities.postgres().removeFence(context);
    };
  }

  /** A migration that had ended before its run was reset has nothing to roll back. */
  private static void letOut(TemporalFailure failure) {
    if (Failures.saysEnded(failure)) {
      throw failure;
    }
  }

  private String about(Compensation step) {
    return CompensationSubject.of(step, context.request());
  }
}
