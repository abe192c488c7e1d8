package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.stores.StepRunner;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import com.matih.tenantmigration.workflow.temporal.Branches;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The way of a tenant, phase by phase, and the way back.
 *
 * <p>What must be rolled back is registered before it is done. Up to {@link FinalStep} everything
 * can be rolled back without loss; with it the tenant may write on the dedicated side, and from
 * then on there is only the way forward.
 */
final class MigrationSteps {

  /** Temporal's timers have bounds that depend on its database. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(30);

  /** Until a copy has taken so long, a store that has copied waits for the others. */
  private static final Duration FOLLOWED_AFTER = Duration.ofMinutes(1);

  private final MigrationContext context;
  private final MigrationRequest request;
  private final List<RequestProblem> problems;
  private final OperatorControl control;
  private final MigrationLog log;
  private final TenantConfiguration tenant;
  private final List<Store> stores;
  private final Rollback rollback;
  private final StepRunner run;

  /**
   * @param problems what is wrong with the request by itself
   */
  MigrationSteps(
      MigrationContext context,
      List<RequestProblem> problems,
      OperatorControl control,
      MigrationLog log) {
    this.context = context;
    this.problems = problems;
    this.request = context.request();
    this.control = control;
    this.log = log;
    this.tenant = new TenantConfiguration(context);
    this.stores = Store.of(context);
    this.rollback = new Rollback(context, tenant, log);
    this.run = new StepRunner(rollback::register, control::runPausable, log);
  }

  /** Migrates; throws what stopped it, and leaves the way back to {@link #rollBack}. */
  void moveForward() {
    if (!preflight()) {
      log.end(Phase.REFUSED, Outcome.REFUSED);
      return;
    }
    provision();
    switch (request.mode()) {
      case ONLINE -> moveWhileTenantWorks();
      case OFFLINE -> moveReadOnlyTenant();
    }
    complete();
  }

  private void moveWhileTenantWorks() {
    capture();
    Branches.beside(
        stores.stream().map(Store::watch).flatMap(Optional::stream).toList(), this::prepareCutover);
    fence();
    drain();
    cutOver();
  }

  /** All that takes long, and all that can fail, comes before the fence. */
  private void prepareCutover() {
    snapshot();
    copyAndFollow();
    warm();
    catchUp();
    verify();
    followUntilCutover();
  }

  private void moveReadOnlyTenant() {
    awaitApproval();
    fence();
    readPositions();
    snapshot();
    copy();
    warm();
    verify();
    cutOver();
  }

  private boolean preflight() {
    enter(Phase.PREFLIGHT);
    PlanFindings findings = new Preflight(context, tenant, stores, problems, control).look();
    if (control.isCancelRequested() && WorkflowChange.WAY_BACK_UNTIL_DONE.applies()) {
      // a look that the cancel broke may seem to be a refusal
      CancellationScope.throwCanceled();
    }
    log.found(findings);
    return findings.refusals().isEmpty();
  }

  private void provision() {
    enter(Phase.PROVISION);
    sideBySide(store -> control.runStep(() -> store.provision(run)));
  }

  private void capture() {
    enter(Phase.CAPTURE);
    stores.forEach(store -> store.capture(run));
  }

  private void awaitApproval() {
    if (waits()) {
      enter(Phase.AWAITING_APPROVAL);
      do {
        awaitCutover();
        // a pause may outlast the window
        control.awaitResumed();
      } while (!isTimeForCutover());
    }
  }

  private boolean waits() {
    return request.approval() == Approval.REQUIRED || request.cutover() != null;
  }

  private boolean isTimeForCutover() {
    Instant now = now();
    return !lacksApproval() && !nextCutover(now).isAfter(now);
  }

  private boolean lacksApproval() {
    return request.approval() == Approval.REQUIRED && !control.isApproved();
  }

  private Instant nextCutover(Instant now) {
    return request.cutover() == null ? now : request.cutover().next(now);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** Waits for the approval, and for the time at which the tenant may become read-only. */
  private void awaitCutover() {
    while (!isTimeForCutover()) {
      if (lacksApproval()) {
        control.awaitApproval();
      } else {
        Instant now = now();
        Duration left = Duration.between(now, nextCutover(now));
        pause(
            left.compareTo(LONGEST_TIMER) < 0 ? left : LONGEST_TIMER,
            "time until the tenant may become read-only");
      }
    }
  }

  private void fence() {
    enter(Phase.FENCE);
    log.fenceBegins();
    control.runStep(() -> tenant.makeReadOnly(run));
    log.fenceStands();
    stores.forEach(Store::tenantStops);
    switch (request.mode()) {
      case ONLINE -> Branches.run(List.of(this::fenceStores, this::awaitServices));
      case OFFLINE -> {
        fenceStores();
        awaitServices();
      }
    }
  }

  private void fenceStores() {
    stores.forEach(store -> control.runStep(() -> store.fence(run)));
  }

  /** Stores that cannot be fenced are written to until the services have stopped. */
  private void awaitServices() {
    if (request.services().isEmpty()) {
      pause(request.settle(), "time for services to stop writing to stores that cannot be fenced");
    } else {
      control.runStep(() -> tenant.awaitServices().forEach(log::warn));
    }
  }

  private void readPositions() {
    stores.forEach(store -> control.runStep(store::readPositions));
  }

  private void snapshot() {
    enter(Phase.SNAPSHOT);
    stores.forEach(store -> control.runStep(() -> store.snapshot(run)));
  }

  private void copy() {
    enter(Phase.COPY);
    sideBySide(store -> store.copy(run));
  }

  /** Who has copied long before the others follows until they have, so that no changes pile up. */
  private void copyAndFollow() {
    enter(Phase.COPY);
    Set<Store> copying = new HashSet<>(stores);
    AtomicBoolean takesLong = new AtomicBoolean();
    CancellationScope clock =
        Workflow.newCancellationScope(
            () -> {
              var unused =
                  Workflow.newTimer(FOLLOWED_AFTER)
                      .handle((over, cancelled) -> takesLong.getAndSet(cancelled == null));
            });
    clock.run();
    try {
      sideBySide(
          store -> {
            store.copy(run);
            copying.remove(store);
            Workflow.await(() -> copying.isEmpty() || takesLong.get());
            if (!copying.isEmpty()) {
              Branches.until(
                  copying::isEmpty, List.of(() -> store.follow(run, Following.UNTIL_STOPPED)));
            }
          });
    } finally {
      clock.cancel();
    }
  }

  private void warm() {
    enter(Phase.WARM);
    stores.forEach(store -> store.warm(run));
  }

  private void catchUp() {
    enter(Phase.CATCH_UP);
    sideBySide(store -> store.follow(run, Following.UNTIL_CAUGHT_UP));
  }

  private void verify() {
    enter(Phase.VERIFY);
    switch (request.mode()) {
      case ONLINE -> verificationWhileTenantWorks().whileTenantWorks(this::followReferenced);
      case OFFLINE -> new VerificationRound(context, control, log).beforeSwitch();
    }
  }

  /** Catching up, or a pause, may outlast the window in which the tenant may become read-only. */
  private void followUntilCutover() {
    if (waits()) {
      enter(Phase.AWAITING_APPROVAL);
    }
    do {
      if (!isTimeForCutover()) {
        Branches.until(
            this::awaitCutover,
            stores.stream()
                .<Runnable>map(store -> () -> store.follow(run, Following.UNTIL_STOPPED))
                .toList());
        verificationWhileTenantWorks().laterReferences(this::followReferenced);
      }
      catchUpOnceMore();
      control.awaitResumed();
    } while (!isTimeForCutover());
  }

  /** What came while both sides were compared, or since, is not left for the fence. */
  private void catchUpOnceMore() {
    sideBySide(store -> store.follow(run, Following.UNTIL_CAUGHT_UP));
  }

  private VerificationRound verificationWhileTenantWorks() {
    return new VerificationRound(context.whileTenantWorks(), control, log);
  }

  private void followReferenced() {
    stores.forEach(store -> store.followReferenced(run));
  }

  private void drain() {
    enter(Phase.DRAIN);
    new Drain(stores, run, control, new VerificationRound(context, control, log)).complete();
    log.write();
    VerificationRound.requirePassed(log.checks());
  }

  private void cutOver() {
    enter(Phase.CUTOVER);
    if (request.mode() == Mode.OFFLINE) {
      stores.forEach(store -> control.runStep(store::finish));
    }
    control.runStep(() -> tenant.switchRoute(run));
    checkOnLiveRoute();
    new FinalStep(stores, tenant, control, log).take();
  }

  /** What a pause has made old is looked at again: the final step comes right after a look. */
  private void checkOnLiveRoute() {
    do {
      control.awaitResumed();
      control.runLook(() -> new VerificationRound(context, control, log).onLiveRoute());
    } while (control.isPaused());
    CancellationScope.throwCanceled();
  }

  private void complete() {
    Workflow.newDetachedCancellationScope(
            () -> {
              log.enter(Phase.COMPLETED);
              new LateWrites(context, log::warn).report();
              new Cleanup(stores, log::warn).run();
              log.finish(Outcome.COMPLETED);
            })
        .run();
  }

  /**
   * Rolls back what was done, in a scope that no cancel reaches. Where the final step turns out to
   * have happened, the tenant may have written on the dedicated side: then the way leads forward.
   */
  void rollBack(TemporalFailure why) {
    Workflow.newDetachedCancellationScope(
            () -> {
              Failure failure = noteFailure(why);
              if (rollback.wasActivated()) {
                control.passPointOfNoReturn();
                log.writesPossible();
                complete();
                return;
              }
              control.returnIsPossible();
              log.turnBack();
              boolean whole = rollback.run(failure.message());
              log.end(
                  whole ? Phase.ROLLED_BACK : Phase.ROLLBACK_INCOMPLETE,
                  whole ? Outcome.ROLLED_BACK : Outcome.ROLLBACK_INCOMPLETE);
            })
        .run();
  }

  private Failure noteFailure(TemporalFailure why) {
    // a step that broke before the cancel reached it was stopped by the cancel all the same
    boolean cancelled = Failures.isCancellation(why) || control.isCancelRequested();
    String reason = control.cancelReason();
    Failure failure =
        cancelled
            ? new Failure(
                log.phase(),
                FailureType.CANCELLED,
                reason == null ? "cancelled through Temporal" : reason)
            : Failures.describe(log.phase(), why);
    log.failed(failure, cancelled);
    return failure;
  }

  private static void pause(Duration length, String why) {
    Workflow.newTimer(length, TimerOptions.newBuilder().setSummary(why).build()).get();
  }

  private void sideBySide(Consumer<Store> phase) {
    Branches.run(stores.stream().<Runnable>map(store -> () -> phase.accept(store)).toList());
  }

  private void enter(Phase phase) {
    control.awaitResumed();
    CancellationScope.throwCanceled();
    log.enter(phase);
  }
}
