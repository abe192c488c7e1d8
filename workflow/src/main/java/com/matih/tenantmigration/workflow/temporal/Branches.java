package com.matih.tenantmigration.workflow.temporal;

import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Runs branches of the workflow side by side, and leaves none of them running. */
public final class Branches {

  private Branches() {}

  /**
   * Runs all branches and returns when the last has ended. When one fails, the others are cancelled
   * and waited for, so that no writer is left; then the first failure is thrown.
   */
  public static void run(Collection<Runnable> branches) {
    List<Promise<Void>> running = new ArrayList<>();
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> branches.forEach(branch -> running.add(Async.procedure(branch::run))));
    scope.run();
    try {
      Promise.allOf(running).get();
    } catch (TemporalFailure first) {
      scope.cancel();
      running.forEach(Branches::awaitEnd);
      throw first;
    }
  }

  /**
   * Runs all branches, at most {@code limit} at the same time; see {@link #run} for what happens
   * when one fails.
   */
  public static void run(Collection<Runnable> branches, int limit) {
    Deque<Runnable> waiting = new ArrayDeque<>(branches);
    List<Runnable> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(limit, branches.size()); lane++) {
      lanes.add(
          () -> {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
              next.run();
            }
          });
    }
    run(lanes);
  }

  /**
   * Runs branches beside a wait, and stops them when it is over. Where one of them fails before,
   * that ends the wait.
   */
  public static void until(Supplier<Boolean> over, Collection<Runnable> branches) {
    CancellationScope scope = Workflow.newCancellationScope(() -> run(branches));
    Promise<Void> running = Async.procedure(scope::run);
    try {
      Workflow.await(() -> over.get() || running.isCompleted());
    } catch (TemporalFailure cancelled) {
      awaitEnd(running);
      throw cancelled;
    }
    if (running.isCompleted()) {
      running.get();
      Workflow.await(over);
      return;
    }
    scope.cancel();
    try {
      running.get();
    } catch (TemporalFailure e) {
      // what was stopped in the middle of a failure that may pass is stopped
      if (!Failures.isCancellation(e) && !Failures.mayPass(e)) {
        throw e;
      }
    }
  }

  /** Runs branches beside a wait, as {@link #until(Supplier, Collection)} does. */
  public static void until(Runnable wait, Collection<Runnable> branches) {
    AtomicBoolean over = new AtomicBoolean();
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> {
              wait.run();
              over.set(true);
            });
    Promise<Void> waiting = Async.procedure(scope::run);
    try {
      until(over::get, branches);
    } finally {
      scope.cancel();
      awaitEnd(waiting);
    }
  }

  /**
   * Does work beside watches, which are stopped when it has ended. A watch that fails stops the
   * work, and its failure is thrown.
   */
  public static void beside(Collection<Runnable> watches, Runnable work) {
    CancellationScope working = Workflow.newCancellationScope(work);
    CancellationScope watching = Workflow.newCancellationScope(() -> run(watches));
    Promise<Void> watched = Async.procedure(watching::run);
    AtomicBoolean over = new AtomicBoolean();
    Promise<Boolean> stopsWork =
        watched.handle(
            (unused, failure) -> {
              if (failure != null && !over.get()) {
                working.cancel();
              }
              return true;
            });
    try {
      working.run();
    } catch (TemporalFailure e) {
      over.set(true);
      watching.cancel();
      stopsWork.get();
      throw ofItsOwn(watched).filter(first -> Failures.isCancellation(e)).orElse(e);
    }
    over.set(true);
    watching.cancel();
    stopsWork.get();
    ofItsOwn(watched)
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** What a branch has failed of, other than of being stopped. */
  private static Optional<TemporalFailure> ofItsOwn(Promise<Void> ended) {
    return Optional.ofNullable(ended.getFailure())
        .filter(TemporalFailure.class::isInstance)
        .map(TemporalFailure.class::cast)
        .filter(failure -> !Failures.isCancellation(failure) && !Failures.mayPass(failure));
  }

  private static void awaitEnd(Promise<Void> branch) {
    try {
      branch.get();
    } catch (TemporalFailure second) {
      Workflow.getLogger(Branches.class)
          .info("a branch ended after another one had failed: {}", second.getMessage());
    }
  }
}
