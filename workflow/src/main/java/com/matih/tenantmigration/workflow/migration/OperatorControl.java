package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What operators asked for, and how it reaches the work that runs. */
final class OperatorControl {

  private final List<CancellationScope> pausable = new ArrayList<>();
  private boolean paused;
  private int pauses;
  private boolean stopsSteps;
  private boolean cancelRequested;
  private boolean goingBack;
  private boolean pointOfNoReturn;
  private @Nullable String approver;
  private @Nullable String cancelReason;
  private @Nullable CancellationScope forward;

  /** Does as this version does; asked once, where the workflow begins. */
  void followVersion() {
    stopsSteps = WorkflowChange.PAUSE_STOPS_STEPS.applies();
  }

  /** Names the scope that a cancel stops; one that came before is carried out at once. */
  void stoppable(CancellationScope scope) {
    forward = scope;
    if (cancelReason != null) {
      scope.cancel(cancelReason);
    }
  }

  void pause() {
    paused = true;
    pauses++;
    List.copyOf(pausable).forEach(scope -> scope.cancel("paused by an operator"));
  }

  void resume() {
    paused = false;
  }

  boolean isPaused() {
    return paused;
  }

  void approve(String who) {
    approver = who;
  }

  @Nullable String approver() {
    return approver;
  }

  void cancel(String reason) {
    cancelRequested = true;
    cancelReason = reason;
    if (forward != null) {
      forward.cancel(reason);
    }
  }

  /** Temporal itself cancels the whole run; here it is only noted. */
  void cancelledByTemporal() {
    cancelRequested = true;
  }

  boolean isCancelRequested() {
    return cancelRequested;
  }

  @Nullable String cancelReason() {
    return cancelReason;
  }

  /** The rollback begins, and a pause does not hold it up. */
  void turnBack() {
    paused = false;
    goingBack = true;
  }

  /** Whether the tenant is on its way back, or about to be. */
  boolean isGoingBack() {
    return goingBack || cancelRequested;
  }

  /** From here on a cancel is refused, until {@link #returnIsPossible}. */
  void passPointOfNoReturn() {
    pointOfNoReturn = true;
  }

  /** The final step is known not to have happened. */
  void returnIsPossible() {
    pointOfNoReturn = false;
  }

  boolean isPastPointOfNoReturn() {
    return pointOfNoReturn;
  }

  boolean isApproved() {
    return approver != null;
  }

  void awaitApproval() {
    Workflow.await(this::isApproved);
  }

  /**
   * Waits while an operator has paused the migration; ends with a failure where it is cancelled.
   */
  void awaitResumed() {
    Workflow.await(() -> !paused);
    CancellationScope.throwCanceled();
  }

  /** {@link #runPausable} for a step that is begun anew; earlier releases did not stop it. */
  void runStep(Runnable work) {
    if (stopsSteps) {
      runPausable(work);
    } else {
      work.run();
    }
  }

  /**
   * Takes a look, and again where a pause came meanwhile: what a pause broke may pass for what was
   * found, and what was found before one is old.
   */
  void runLook(Runnable work) {
    AtomicInteger before = new AtomicInteger();
    do {
      runStep(
          () -> {
            before.set(pauses);
            work.run();
          });
    } while (stopsSteps && pauses != before.get());
  }

  /**
   * Runs work that can be stopped and begun again where it was: a pause stops it, and it goes on
   * when the migration is resumed. Work that failed while it was being stopped in a way that may
   * pass, such as with its worker, counts as stopped: Temporal does not try again what is
   * cancelled.
   */
  void runPausable(Runnable work) {
    while (true) {
      awaitResumed();
      CancellationScope attempt = Workflow.newCancellationScope(work);
      pausable.add(attempt);
      try {
        attempt.run();
        return;
      } catch (TemporalFailure e) {
        boolean stoppedByPause =
            attempt.isCancelRequested() && (Failures.isCancellation(e) || Failures.mayPass(e));
        if (!stoppedByPause || CancellationScope.current().isCancelRequested()) {
          throw e;
        }
      } finally {
        pausable.remove(attempt);
      }
    }
  }
}
