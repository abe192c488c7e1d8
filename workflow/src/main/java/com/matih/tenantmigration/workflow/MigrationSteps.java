package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.RequestProblem;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a tenant, phase by phase, and the way back.
 *
 * <p>What must be rolled back is registered before it is done. Up to {@link FinalStep} everything
 * can be rolled back without loss; with it the tenant may write on the dedicated side, and from
 * then on there is only the way forward.
 */
final class MigrationSteps {

  private final MigrationContext context;
  private final MigrationRequest request;
  private final List<RequestProblem> problems;
  private final Steering steering;
  private final MigrationLog log;
  private final Activities step = Activities.forSteps();
  private final Activities bulk = Activities.forBulk();
  private final WayBack wayBack;

  /**
   * @param problems what is wrong with the request by itself
   */
  MigrationSteps(
      MigrationContext context,
      List<RequestProblem> problems,
      Steering steering,
      MigrationLog log) {
    this.context = context;
    this.problems = problems;
    this.request = context.request();
    this.steering = steering;
    this.log = log;
    this.wayBack = new WayBack(context, log);
  }

  /** Migrates; throws what stopped it, and leaves the way back to {@link #rollBack}. */
  void moveForward() {
    if (!preflight()) {
      log.end(Phase.REFUSED, Outcome.REFUSED);
      return;
    }
    provision();
    awaitApproval();
    fence();
    snapshot();
    copy();
    warm();
    verify();
    cutOver();
    complete();
  }

  private boolean preflight() {
    enter(Phase.PREFLIGHT);
    PlanFindings findings = new Preflight(context, problems).look();
    if (steering.isCancelRequested() && Change.WAY_BACK_UNTIL_DONE.applies()) {
      // a look that the cancel broke may seem to be a refusal
      CancellationScope.throwCanceled();
    }
    log.found(findings);
    return findings.refusals().isEmpty();
  }

  private void provision() {
    enter(Phase.PROVISION);
    List<Runnable> stores = new ArrayList<>();
    if (request.postgres() != null) {
      stores.add(
          () -> {
            wayBack.register(Compensation.DROP_DATABASE);
            step.postgres().provision(context);
          });
    }
    if (request.objectStorage() != null) {
      stores.add(
          () -> {
            wayBack.register(Compensation.DELETE_OBJECTS);
            step.objectStorage().provision(context);
          });
    }
    if (request.kafka() != null) {
      stores.add(
          () -> {
            wayBack.register(Compensation.DELETE_TOPICS);
            step.kafka().provision(context);
          });
    }
    if (request.elasticsearch() != null) {
      stores.add(
          () -> {
            wayBack.register(Compensation.DELETE_INDICES);
            step.elasticsearch().provision(context);
          });
    }
    Concurrently.run(stores);
  }

  private void awaitApproval() {
    if (request.approval() == Approval.REQUIRED) {
      enter(Phase.AWAITING_APPROVAL);
      steering.awaitApproval();
    }
  }

  private void fence() {
    enter(Phase.FENCE);
    wayBack.register(Compensation.REACTIVATE_TENANT);
    log.fenceBegins();
    step.tenantConfig().makeReadOnly(context);
    log.fenceStands();
    if (request.postgres() != null) {
      wayBack.register(Compensation.REMOVE_FENCE);
      wayBack.register(Compensation.RELEASE_FENCE);
      step.postgres().fence(context);
    }
    pause(request.settle(), "services stop writing to stores that cannot be fenced");
    if (request.kafka() != null) {
      step.kafka().readPositions(context);
    }
  }

  private void snapshot() {
    enter(Phase.SNAPSHOT);
    if (request.postgres() != null) {
      log.timed(Step.TAKE_SNAPSHOT, () -> log.snapshotTaken(step.postgres().takeSnapshot(context)));
    }
  }

  private void copy() {
    enter(Phase.COPY);
    List<Runnable> stores = new ArrayList<>();
    if (request.postgres() != null) {
      stores.add(this::copyDatabase);
    }
    if (request.objectStorage() != null) {
      stores.add(
          () -> pausable(Step.COPY_OBJECTS, () -> log.moved(bulk.objectStorage().copy(context))));
    }
    if (request.kafka() != null) {
      stores.add(() -> pausable(Step.REPLAY_TOPICS, () -> log.moved(bulk.kafka().replay(context))));
    }
    if (request.elasticsearch() != null) {
      stores.add(
          () -> pausable(Step.COPY_DOCUMENTS, () -> log.moved(bulk.elasticsearch().copy(context))));
    }
    Concurrently.run(stores);
  }

  private void copyDatabase() {
    pausable(Step.CREATE_SCHEMA, () -> bulk.postgres().createSchema(context));
    pausable(Step.COPY_ROWS, () -> log.moved(bulk.postgres().copyRows(context)));
    pausable(Step.FINISH_DATABASE, () -> bulk.postgres().finish(context));
  }

  private void pausable(Step name, Runnable work) {
    steering.runPausable(() -> log.timed(name, work));
  }

  private void warm() {
    enter(Phase.WARM);
    if (request.redis() != null) {
      wayBack.register(Compensation.EVICT_CACHE);
      pausable(Step.WARM_CACHE, () -> log.moved(bulk.redis().warm(context)));
    }
  }

  private void verify() {
    enter(Phase.VERIFY);
    new VerificationRound(context, log).beforeSwitch();
  }

  private void cutOver() {
    enter(Phase.CUTOVER);
    if (request.kafka() != null) {
      step.kafka().finalizeTopics(context);
    }
    wayBack.register(Compensation.ROUTE_BACK);
    step.tenantConfig().switchRoute(context);
    checkOnLiveRoute();
    new FinalStep(context, steering, log).take();
  }

  /** What a pause has made old is looked at again: the final step comes right after a look. */
  private void checkOnLiveRoute() {
    do {
      steering.awaitResumed();
      new VerificationRound(context, log).onLiveRoute();
    } while (steering.isPaused());
    CancellationScope.throwCanceled();
  }

  private void complete() {
    Workflow.newDetachedCancellationScope(
            () -> {
              log.enter(Phase.COMPLETED);
              new Tidying(context, log::warn).run();
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
              if (wayBack.wasActivated()) {
                steering.passPointOfNoReturn();
                log.writesPossible();
                complete();
                return;
              }
              steering.returnIsPossible();
              log.turnBack();
              boolean whole = wayBack.run(failure.message());
              log.end(
                  whole ? Phase.ROLLED_BACK : Phase.ROLLBACK_INCOMPLETE,
                  whole ? Outcome.ROLLED_BACK : Outcome.ROLLBACK_INCOMPLETE);
            })
        .run();
  }

  private Failure noteFailure(TemporalFailure why) {
    // a step that broke before the cancel reached it was stopped by the cancel all the same
    boolean cancelled = Failures.isCancellation(why) || steering.isCancelRequested();
    String reason = steering.cancelReason();
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

  private void enter(Phase phase) {
    steering.awaitResumed();
    CancellationScope.throwCanceled();
    log.enter(phase);
  }
}
