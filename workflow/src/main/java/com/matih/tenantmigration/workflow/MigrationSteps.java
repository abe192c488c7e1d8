package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.failure.ActivityFailure;
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
 * <p>What must be undone is registered before it is done. Up to {@link #lastAct} everything can be
 * undone without loss; with it the tenant may write on the dedicated side, and from then on there
 * is only the way forward.
 */
final class MigrationSteps {

  private static final Duration FIRST_LAST_ACT_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_LAST_ACT_PAUSE = Duration.ofMinutes(1);

  private final MigrationContext context;
  private final MigrationRequest request;
  private final Steering steering;
  private final MigrationLog log;
  private final Activities step = Activities.forSteps();
  private final Activities bulk = Activities.forBulk();
  private final Activities undo = Activities.forCompensation();
  private final Activities moment = Activities.forMoments();
  private final Compensations compensations = new Compensations();
  private String failureForPeople = "";

  MigrationSteps(MigrationContext context, Steering steering, MigrationLog log) {
    this.context = context;
    this.request = context.request();
    this.steering = steering;
    this.log = log;
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
    PlanFindings findings = new Preflight(context).look();
    log.found(findings);
    return findings.refusals().isEmpty();
  }

  private void provision() {
    enter(Phase.PROVISION);
    List<Runnable> stores = new ArrayList<>();
    if (request.postgres() != null) {
      stores.add(
          () -> {
            compensations.cleanup(
                Compensation.DROP_DATABASE,
                () -> undo.postgres().dropDatabase(context, failureForPeople));
            step.postgres().provision(context);
          });
    }
    if (request.objectStorage() != null) {
      stores.add(
          () -> {
            compensations.cleanup(
                Compensation.DELETE_OBJECTS, () -> undo.objectStorage().deleteObjects(context));
            step.objectStorage().provision(context);
          });
    }
    if (request.kafka() != null) {
      stores.add(
          () -> {
            compensations.cleanup(
                Compensation.DELETE_TOPICS, () -> undo.kafka().deleteTopics(context));
            step.kafka().provision(context);
          });
    }
    if (request.elasticsearch() != null) {
      stores.add(
          () -> {
            compensations.cleanup(
                Compensation.DELETE_INDICES, () -> undo.elasticsearch().deleteIndices(context));
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
    compensations.tenantBack(
        Compensation.REACTIVATE_TENANT, () -> undo.tenantConfig().reactivate(context));
    log.fenceBegins();
    step.tenantConfig().makeReadOnly(context);
    log.fenceStands();
    if (request.postgres() != null) {
      compensations.tenantBack(
          Compensation.RELEASE_FENCE, () -> undo.postgres().releaseFence(context));
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
      compensations.cleanup(Compensation.EVICT_CACHE, () -> undo.redis().evict(context));
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
    compensations.tenantBack(Compensation.ROUTE_BACK, () -> undo.tenantConfig().routeBack(context));
    step.tenantConfig().switchRoute(context);
    checkOnLiveRoute();
    lastAct();
  }

  /** What a pause has made old is looked at again: the last act comes right after a look. */
  private void checkOnLiveRoute() {
    do {
      steering.awaitResumed();
      new VerificationRound(context, log).onLiveRoute();
    } while (steering.isPaused());
    CancellationScope.throwCanceled();
  }

  /**
   * Lets the tenant write on the dedicated side. From the moment it is scheduled a cancel is
   * refused, and it is tried until its outcome is known: a failure that does not say whether the
   * tenant was activated is no outcome.
   */
  private void lastAct() {
    steering.passPointOfNoReturn();
    Workflow.newDetachedCancellationScope(
            () -> {
              openDatabase();
              activate();
            })
        .run();
    log.writesPossible();
  }

  /** A database that stays closed is an outcome: nobody can have activated the tenant. */
  private void openDatabase() {
    if (request.postgres() == null) {
      return;
    }
    try {
      step.postgres().openForWrites(context);
    } catch (ActivityFailure e) {
      steering.returnIsPossible();
      throw e;
    }
  }

  private void activate() {
    Duration pause = FIRST_LAST_ACT_PAUSE;
    String told = "";
    while (true) {
      try {
        Activities.forLastAct().tenantConfig().activate(context);
        return;
      } catch (ActivityFailure e) {
        if (Failures.type(e) == FailureType.CONFIGURATION_CONFLICT) {
          steering.returnIsPossible();
          throw e;
        }
        String why = Failures.message(e);
        if (!why.equals(told)) {
          told = why;
          log.warn(new Warning("tenantConfig", "the cutover's last act", why));
          log.write();
        }
        pause(pause, "the cutover's last act is tried again");
        pause = longer(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_LAST_ACT_PAUSE) < 0 ? twice : LONGEST_LAST_ACT_PAUSE;
  }

  /**
   * Tidies up what only the migration needed; what cannot be tidied is told, and changes nothing.
   */
  private void complete() {
    Workflow.newDetachedCancellationScope(
            () -> {
              log.enter(Phase.COMPLETED);
              Concurrently.run(tidying());
              log.finish(Outcome.COMPLETED);
            })
        .run();
  }

  private List<Runnable> tidying() {
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
    return stores;
  }

  private Runnable tidy(String store, Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (ActivityFailure e) {
        log.warn(new Warning(store, Step.wordsFor(e.getActivityType()), Failures.message(e)));
      }
    };
  }

  /**
   * Undoes what was done, in a scope that no cancel reaches. Where the last act turns out to have
   * happened, the tenant may have written on the dedicated side: then the way leads forward.
   */
  void rollBack(TemporalFailure why) {
    Workflow.newDetachedCancellationScope(
            () -> {
              noteFailure(why);
              if (compensations.includes(Compensation.ROUTE_BACK) && wasActivated()) {
                steering.passPointOfNoReturn();
                log.writesPossible();
                complete();
                return;
              }
              log.enter(Phase.ROLLING_BACK);
              boolean whole = compensations.run(log::compensated, log::writesPossible);
              log.end(
                  whole ? Phase.ROLLED_BACK : Phase.ROLLBACK_INCOMPLETE,
                  whole ? Outcome.ROLLED_BACK : Outcome.ROLLBACK_INCOMPLETE);
            })
        .run();
  }

  private void noteFailure(TemporalFailure why) {
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
    failureForPeople = failure.message();
    log.failed(failure, cancelled);
  }

  private boolean wasActivated() {
    try {
      return undo.tenantConfig().isActivated(context);
    } catch (ActivityFailure e) {
      // the step that brings the route back looks again, and refuses where the tenant is active
      log.warn(
          new Warning("tenantConfig", Step.wordsFor(e.getActivityType()), Failures.message(e)));
      return false;
    }
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
