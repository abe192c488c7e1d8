package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.log.RollbackListener;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.stores.RollbackAction;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.UntilDone;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.TemporalFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
final class Rollback {

  private static final Set<Compensation> BRING_BACK =
      EnumSet.range(Compensation.ROUTE_BACK, Compensation.REACTIVATE_TENANT);

  private final MigrationContext context;
  private final TenantConfiguration tenant;
  private final RollbackListener listener;

  /** The newest first. */
  private final Deque<RollbackAction> registered = new ArrayDeque<>();

  private final Set<Compensation> failed = EnumSet.noneOf(Compensation.class);

  /** Whether the run follows this version, and not 1.0.0, which gave up. */
  private boolean untilDone;

  Rollback(MigrationContext context, TenantConfiguration tenant, RollbackListener listener) {
    this.context = context;
    this.tenant = tenant;
    this.listener = listener;
  }

  /**
   * The rollback of a migration of which nothing is known but its context: every step that it may
   * need. A step answers NOT_NEEDED where there is nothing to roll back.
   */
  static Rollback ofEverything(
      MigrationContext context,
      TenantConfiguration tenant,
      List<Store> stores,
      RollbackListener listener) {
    Rollback rollback = new Rollback(context, tenant, listener);
    stores.forEach(store -> store.rollback().forEach(rollback::register));
    tenant.rollback().forEach(rollback::register);
    return rollback;
  }

  /** Registers a step, before what it rolls back is done; again where a pause stopped that. */
  void register(RollbackAction action) {
    if (registered.stream().noneMatch(known -> known.step() == action.step())) {
      registered.push(action);
    }
  }

  /** Leaves out steps that are done: what they removed may be a later migration's by now. */
  void leaveOut(Set<Compensation> done) {
    registered.removeIf(action -> done.contains(action.step()));
  }

  /** The registered steps in the order in which they are run. */
  List<Compensation> steps() {
    return Stream.of(bringBack(), cleaning(), removeFence().stream())
        .flatMap(actions -> actions)
        .map(RollbackAction::step)
        .toList();
  }

  private Stream<RollbackAction> bringBack() {
    return BRING_BACK.stream().flatMap(step -> find(step).stream());
  }

  private Stream<RollbackAction> cleaning() {
    return registered.stream()
        .filter(
            action ->
                !BRING_BACK.contains(action.step()) && action.step() != Compensation.REMOVE_FENCE);
  }

  private Optional<RollbackAction> removeFence() {
    return find(Compensation.REMOVE_FENCE);
  }

  private Optional<RollbackAction> find(Compensation step) {
    return registered.stream().filter(action -> action.step() == step).findFirst();
  }

  /**
   * Whether the tenant may write on the dedicated side; then the way leads forward. Asked until it
   * is known: without an answer either way could lose what the tenant has written. Called once,
   * before {@link #run}.
   */
  boolean wasActivated() {
    untilDone = WorkflowChange.WAY_BACK_UNTIL_DONE.applies();
    if (!untilDone && find(Compensation.ROUTE_BACK).isEmpty()) {
      return false;
    }
    try {
      return untilDone(Step.IS_ACTIVATED, tenant::isActivated);
    } catch (TemporalFailure e) {
      letOut(e);
      // the step that brings the route back looks again, and refuses where the tenant is active
      Step step = Step.IS_ACTIVATED;
      listener.warn(new Warning(step.store(), step.words(), Failures.message(e)));
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
    bringBack().toList().forEach(action -> note(runAfter(anyFailed(), action, reason), action));
    if (failed.isEmpty()) {
      listener.tenantIsBack();
    }
    Optional<Compensation> inTheWay =
        failed.stream().filter(step -> untilDone || step == Compensation.ROUTE_BACK).findFirst();
    cleaning().toList().forEach(action -> note(runAfter(inTheWay, action, reason), action));
    if (untilDone) {
      removeFence().ifPresent(action -> removeFence(runAfter(inTheWay, action, reason), action));
    }
    return failed.isEmpty();
  }

  private Optional<Compensation> anyFailed() {
    return failed.stream().findFirst();
  }

  private void note(RollbackStep result, RollbackAction action) {
    if (result.status() == Status.FAILED) {
      failed.add(action.step());
    }
    listener.compensated(result);
  }

  /**
   * Triggers that let everything through harm nobody, so they do not make a rollback incomplete.
   */
  private void removeFence(RollbackStep result, RollbackAction action) {
    if (result.status() == Status.FAILED) {
      listener.warn(
          new Warning(Step.of(action.step()).store(), action.subject(), result.message()));
    }
    listener.compensated(result);
  }

  private RollbackStep runAfter(
      Optional<Compensation> inTheWay, RollbackAction action, String reason) {
    if (inTheWay.isPresent()) {
      return failed(
          action, "Not done: it depends on %s, which failed.".formatted(inTheWay.get()), "");
    }
    try {
      RollbackStep result =
          BRING_BACK.contains(action.step())
              ? untilDone(Step.of(action.step()), () -> action.work().apply(reason))
              : action.work().apply(reason);
      return result.status() == Status.FAILED
          ? failed(action, result.message(), action.byHand())
          : result;
    } catch (TemporalFailure e) {
      letOut(e);
      return failed(action, Failures.message(e), action.byHand());
    }
  }

  private <T> T untilDone(Step step, Supplier<T> work) {
    return untilDone ? UntilDone.run(step, listener, work) : work.get();
  }

  /** What failed, what it left, and how that is removed. */
  private RollbackStep failed(RollbackAction action, String why, String byHand) {
    String message =
        "%s Left behind: %s. To finish it: repair %s. %s"
            .formatted(sentence(why), action.subject(), context.tenant(), byHand);
    return new RollbackStep(action.step().name(), Status.FAILED, message.strip());
  }

  private static String sentence(String text) {
    return text.isEmpty() || text.matches("(?s).*[.!?…]") ? text : text + ".";
  }

  /** A migration that had ended before its run was reset has nothing to roll back. */
  private static void letOut(TemporalFailure failure) {
    if (Failures.saysEnded(failure)) {
      throw failure;
    }
  }
}
