package com.matih.tenantmigration.workflow.temporal;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Delay;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Does a step that Temporal tries until it is done, and says so when that takes long.
 *
 * <p>However long it takes, the history grows by one timer: Temporal keeps no event of an attempt
 * that failed and is tried again.
 */
public final class UntilDone {

  /** What takes longer is told to everybody who watches. */
  public static final Duration TELL_AFTER = Duration.ofSeconds(30);

  private UntilDone() {}

  /**
   * Does the step's work, and throws what it threw.
   *
   * @param listener learns of a delay, and of its end
   */
  public static <T> T run(Step step, Listener listener, Supplier<T> work) {
    Instant since = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    Promise<T> done = Async.function(work::get);
    AtomicReference<Promise<Void>> timer = new AtomicReference<>();
    CancellationScope watch =
        Workflow.newCancellationScope(
            () -> timer.set(Workflow.newTimer(TELL_AFTER, watchOver(step))));
    watch.run();
    Workflow.await(() -> done.isCompleted() || timer.get().isCompleted());
    if (done.isCompleted()) {
      watch.cancel();
      return done.get();
    }
    listener.delayed(new Delay(step.name(), since));
    // no finally: a workflow that leaves the worker's memory ends its threads by an error
    try {
      T result = done.get();
      listener.delayIsOver();
      return result;
    } catch (TemporalFailure e) {
      listener.delayIsOver();
      throw e;
    }
  }

  private static TimerOptions watchOver(Step step) {
    return TimerOptions.newBuilder()
        .setSummary("report when this takes long: " + step.words())
        .build();
  }

  /** Learns that a step takes long. */
  public interface Listener {

    /** The step was not done within {@link #TELL_AFTER}; it is tried further. */
    void delayed(Delay delay);

    /** The step has ended, one way or the other. */
    void delayIsOver();
  }
}
