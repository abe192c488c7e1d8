package com.matih.tenantmigration.activities.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A monitor that a test cancels, at once or when a number of units is done. */
public final class CancellableMonitor implements ProgressMonitor {

  /** In what time a user is promised that a cancel takes effect. */
  public static final long SOON_MILLIS = Silence.PROMISE.toMillis();

  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicLong cancelledAt = new AtomicLong();
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private final Map<String, BooleanSupplier> questions = new ConcurrentHashMap<>();
  private final long cancelAfter;
  private final AtomicLong moves = new AtomicLong();
  private final long made = System.nanoTime();
  private volatile Progress latest = new Progress(0, -1, "", "");

  private final Attempt attempt;

  private CancellableMonitor(long cancelAfter, Attempt attempt) {
    this.cancelAfter = cancelAfter;
    this.attempt = attempt;
  }

  /** Of a certain attempt, however late it takes over. */
  public static CancellableMonitor of(Attempt attempt) {
    return new CancellableMonitor(Long.MAX_VALUE, attempt);
  }

  @Override
  public Attempt attempt() {
    return attempt;
  }

  public static CancellableMonitor cancellingAfter(long done) {
    return new CancellableMonitor(done, Attempt.next());
  }

  public void cancel() {
    if (cancelled.compareAndSet(false, true)) {
      cancelledAt.set(System.nanoTime());
      actions.forEach(Runnable::run);
    }
  }

  /** How many milliseconds ago the cancel was. */
  public long millisSinceCancel() {
    return (System.nanoTime() - cancelledAt.get()) / 1_000_000;
  }

  @Override
  public void askWhenSilent(String server, String work, BooleanSupplier isBusy) {
    questions.putIfAbsent(server, isBusy);
  }

  /** The servers of this work that do not answer even whether they are busy. */
  public List<String> silentServers() {
    return questions.entrySet().stream()
        .filter(question -> !answers(question.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean answers(BooleanSupplier question) {
    try {
      var unused = question.getAsBoolean();
      return true;
    } catch (MigrationException e) {
      return false;
    }
  }

  public Progress latest() {
    return latest;
  }

  /**
   * What is left was forecast from what this monitor's work has just shown: a drain opens what that
   * opened at most three times, and takes a round of at most twice the last.
   */
  public void assertForecastIsOfWhatWasSeen() {
    double seen = (System.nanoTime() - made) / 1e9;
    assertThat(latest.followed())
        .hasValueSatisfying(last -> assertThat(last.drainSeconds()).isBetween(0.001, 3 * seen));
  }

  @Override
  public void moved() {
    moves.incrementAndGet();
  }

  /** How often something moved for which no count grows. */
  public long moves() {
    return moves.get();
  }

  @Override
  public void update(Progress progress) {
    latest = progress;
    if (progress.done() >= cancelAfter) {
      cancel();
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled.get();
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled.get()) {
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    actions.add(action);
    if (cancelled.get()) {
      action.run();
    }
    return () -> actions.remove(action);
  }
}
