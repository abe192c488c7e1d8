package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A monitor whose readers of the shared side keep to a throttle. A wait counts as progress, for no
 * store has failed, and the progress says what is waited for.
 */
final class ThrottledMonitor implements ProgressMonitor {

  private final ProgressMonitor outer;
  private final Throttle throttle;
  private volatile @Nullable Progress latest;

  ThrottledMonitor(ProgressMonitor outer, Throttle throttle) {
    this.outer = outer;
    this.throttle = throttle;
  }

  @Override
  public void readShared(long bytes, Duration every, Runnable renew) {
    long[] next = {System.nanoTime() + every.toNanos()};
    throttle.take(
        bytes,
        this,
        () -> {
          outer.moved();
          tellAgain();
          if (System.nanoTime() - next[0] > 0) {
            renew.run();
            next[0] = System.nanoTime() + every.toNanos();
          }
        });
  }

  @Override
  public boolean isThrottled() {
    return throttle.spec().bytesPerSecond() != null;
  }

  private void tellAgain() {
    Progress progress = latest;
    if (progress != null) {
      outer.update(withReason(progress));
    }
  }

  private Progress withReason(Progress progress) {
    String reason = throttle.reason();
    return reason.isEmpty() ? progress : progress.doing(progress.doing() + ", " + reason);
  }

  @Override
  public void update(Progress progress) {
    latest = progress;
    outer.update(withReason(progress));
  }

  @Override
  public void resumeAt(Progress progress) {
    latest = progress;
    outer.resumeAt(progress);
  }

  @Override
  public void moved() {
    outer.moved();
  }

  @Override
  public void askWhenSilent(String server, String work, BooleanSupplier isBusy) {
    outer.askWhenSilent(server, work, isBusy);
  }

  @Override
  public Attempt attempt() {
    return outer.attempt();
  }

  @Override
  public boolean isCancelled() {
    return outer.isCancelled();
  }

  @Override
  public void throwIfCancelled() {
    outer.throwIfCancelled();
  }

  @Override
  public Registration onCancel(Runnable action) {
    return outer.onCancel(action);
  }
}
