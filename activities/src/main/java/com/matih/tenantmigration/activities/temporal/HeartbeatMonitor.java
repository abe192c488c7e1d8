package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.ActivityWorkerShutdownException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats twice a second on a thread of its own, so that an activity lives as long as its
 * process does however long a statement takes, and carries a cancel back to the engine.
 */
final class HeartbeatMonitor implements ProgressMonitor, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HeartbeatMonitor.class);

  /** By the answer to a heartbeat an activity learns that it shall stop. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final ActivityExecutionContext activity;
  private final Optional<ProgressListener> listener;
  private final ScheduledExecutorService clock;
  private final List<Runnable> onCancel = new CopyOnWriteArrayList<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private volatile Progress latest;
  private volatile boolean workerStopping;

  HeartbeatMonitor(ActivityExecutionContext activity) {
    this.activity = activity;
    this.listener =
        activity instanceof ProgressListener context ? Optional.of(context) : Optional.empty();
    this.latest = new Progress(0, -1, "", activity.getInfo().getActivityType());
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread =
                  new Thread(runnable, "heartbeat-" + activity.getInfo().getActivityType());
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        clock.scheduleAtFixedRate(
            this::beat, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * One that does not reach Temporal is sent again by the SDK, which tells nobody but its metrics.
   * Never ends by an exception: a scheduled task that throws is not run again.
   */
  private void beat() {
    try {
      activity.heartbeat(latest);
    } catch (ActivityCompletionException e) {
      workerStopping = e instanceof ActivityWorkerShutdownException;
      cancel();
    } catch (RuntimeException e) {
      log.warn("no heartbeat could be made; the next one is tried in a moment", e);
    }
  }

  private void cancel() {
    if (cancelled.compareAndSet(false, true)) {
      for (Runnable action : onCancel) {
        runAction(action);
      }
    }
  }

  private static void runAction(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("could not interrupt a blocking call; the work stops at its next step", e);
    }
  }

  @Override
  public void update(Progress progress) {
    latest = progress;
    listener.ifPresent(told -> told.progressed(progress));
  }

  @Override
  public void resumeAt(Progress progress) {
    latest = progress;
    listener.ifPresent(told -> told.resumedAt(progress));
  }

  @Override
  public boolean isCancelled() {
    return cancelled.get();
  }

  /** Whether the work shall stop only because this worker is shutting down. */
  boolean isWorkerStopping() {
    return workerStopping;
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled.get()) {
      throw new MigrationException(FailureType.CANCELLED, "The work was asked to stop.");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    AtomicBoolean ran = new AtomicBoolean();
    Runnable once =
        () -> {
          if (ran.compareAndSet(false, true)) {
            action.run();
          }
        };
    onCancel.add(once);
    if (cancelled.get()) {
      runAction(once);
    }
    return () -> onCancel.remove(once);
  }

  @Override
  public void close() {
    clock.shutdown();
  }
}
