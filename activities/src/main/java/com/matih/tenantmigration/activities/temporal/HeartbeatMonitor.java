package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.InterruptibleWork;
import com.matih.tenantmigration.activities.engine.Interruptions;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.ActivityWorkerShutdownException;
import io.temporal.common.converter.DataConverterException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats twice a second on a thread of its own, so that an activity lives however long a
 * statement takes, carries a cancel back to the engine, and gives up an engine that gets nowhere.
 *
 * <p>An engine that must stop is interrupted in three steps: what it has registered is run at once;
 * its thread is interrupted where it has not ended after five seconds; and after another five the
 * heartbeats end, so that Temporal waits for it no longer than the heartbeat timeout.
 */
final class HeartbeatMonitor implements ProgressMonitor, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HeartbeatMonitor.class);

  /** By the answer to a heartbeat an activity learns that it must stop. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** How long an engine that must stop may take before the next harder step. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ActivityExecutionContext activity;
  private final Optional<ProgressListener> listener;
  private final ScheduledExecutorService clock;
  private final Interruptions interruptions = new Interruptions();
  private final Questions questions = new Questions();
  private final InterruptibleWork engine = InterruptibleWork.ofThisThread();
  private final LongestSilence silence;
  private final Movement movement;
  private final Optional<Progress> before;
  private volatile @Nullable Stop stop;
  private int harderSteps;

  /** Why the engine must stop, and since when. */
  private record Stop(Reason reason, String message, long nanos) {

    boolean isOlderThan(Duration duration) {
      return System.nanoTime() - nanos > duration.toNanos();
    }
  }

  /** Why an engine must stop. */
  enum Reason {
    CANCELLED,
    WORKER_STOPPING,
    NO_PROGRESS
  }

  /** Watches the calling thread's work. */
  HeartbeatMonitor(ActivityExecutionContext activity, LongestSilence silence) {
    this.activity = activity;
    this.before = detailsOfLastAttempt(activity);
    this.silence =
        before
            .map(Progress::failingSince)
            .map(since -> silence.after(Duration.between(since, Instant.now())))
            .orElse(silence);
    this.listener =
        activity instanceof ProgressListener context ? Optional.of(context) : Optional.empty();
    String type = activity.getInfo().getActivityType();
    this.movement = new Movement(new Progress(0, -1, "", type), System::nanoTime);
    before.ifPresent(movement::resumeAt);
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread = new Thread(runnable, "heartbeat-" + type);
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        clock.scheduleAtFixedRate(
            this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Optional<Progress> detailsOfLastAttempt(ActivityExecutionContext activity) {
    try {
      return activity.getHeartbeatDetails(Progress.class);
    } catch (DataConverterException e) {
      log.debug("the last attempt ran in another version, which tells nothing of its progress", e);
      return Optional.empty();
    }
  }

  /** Never ends by an exception: a scheduled task that throws is not run again. */
  private void tick() {
    try {
      beat();
      if (movement.isSilentFor(silence.askedAfter())) {
        questions.ask(this::judgeSilence);
      }
      if (movement.isSilentFor(silence.unanswered()) && movement.isUnanswered()) {
        stop(Reason.NO_PROGRESS, movement.words());
      }
      Stop asked = stop;
      if (asked != null) {
        press(asked);
      }
    } catch (RuntimeException e) {
      log.warn("cannot send a heartbeat; trying again in a moment", e);
    }
  }

  private void judgeSilence(Questions.Answer answer) {
    switch (answer) {
      case BUSY -> movement.moved();
      case SILENT -> movement.unanswered(true);
      case IDLE -> {
        movement.unanswered(false);
        if (movement.isSilentFor(silence.answering())) {
          stop(Reason.NO_PROGRESS, movement.words());
        }
      }
    }
  }

  /** One that does not reach Temporal is sent again by the SDK, which tells only its metrics. */
  private void beat() {
    try {
      activity.heartbeat(movement.latest());
    } catch (ActivityCompletionException e) {
      stop(
          e instanceof ActivityWorkerShutdownException ? Reason.WORKER_STOPPING : Reason.CANCELLED,
          "was asked to stop");
    }
  }

  private synchronized void stop(Reason reason, String message) {
    if (stop == null) {
      stop = new Stop(reason, message, System.nanoTime());
      interruptions.begin();
    }
  }

  /** What an engine that does not stop by itself gets. */
  private void press(Stop asked) {
    if (harderSteps == 0 && asked.isOlderThan(PATIENCE)) {
      harderSteps = 1;
      engine.interrupt();
    } else if (harderSteps == 1 && asked.isOlderThan(PATIENCE.multipliedBy(2))) {
      harderSteps = 2;
      log.error(
          "{} {} and did not stop; it is left behind, at {}",
          activity.getInfo().getActivityType(),
          asked.message(),
          Arrays.toString(engine.stack()));
      clock.shutdown();
    }
  }

  @Override
  public void update(Progress progress) {
    movement.update(progress);
    listener.ifPresent(told -> told.progressed(progress));
  }

  @Override
  public void resumeAt(Progress progress) {
    movement.resumeAt(progress);
    listener.ifPresent(told -> told.resumedAt(progress));
  }

  /** How far the work is, as it was told last. */
  Progress latest() {
    return movement.latest();
  }

  @Override
  public void moved() {
    movement.moved();
  }

  @Override
  public Attempt attempt() {
    ActivityInfo info = activity.getInfo();
    return Attempt.of(info.getCurrentAttemptScheduledTimestamp(), info.getAttempt());
  }

  @Override
  public void askWhenSilent(String server, String work, BooleanSupplier isBusy) {
    questions.add(server, work, isBusy);
  }

  @Override
  public boolean isTriedAgain() {
    ActivityInfo info = activity.getInfo();
    int attempts = info.getRetryOptions().getMaximumAttempts();
    return attempts == 0 || info.getAttempt() < attempts;
  }

  @Override
  public boolean isCancelled() {
    return stop != null;
  }

  /** Why the work must stop; empty where it need not. */
  Optional<Reason> reason() {
    Stop asked = stop;
    return asked == null ? Optional.empty() : Optional.of(asked.reason());
  }

  /** What the work made no progress at, as a predicate; "was asked to stop" where it was. */
  String stopMessage() {
    Stop asked = stop;
    return asked == null ? "" : asked.message();
  }

  /**
   * Tells Temporal since when the step has got nowhere, now that this attempt has failed, so that
   * the next attempt knows.
   *
   * @param limit an attempt that worked for longer begins anew
   * @return for how long the step has got nowhere
   */
  Duration failing(Duration limit) {
    Instant now = Instant.now();
    Instant since =
        new Standstill(before.map(Progress::failingSince), limit)
            .since(now, movement.worked(), movement.silent(), movement.gotFurther());
    movement.failing(since);
    beat();
    return Duration.between(since, now);
  }

  @Override
  public void throwIfCancelled() {
    if (stop != null) {
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    return interruptions.add(action);
  }

  @Override
  public void close() {
    clock.shutdown();
    engine.close();
  }
}
