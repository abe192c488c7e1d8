package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A monitor whose readers of the shared side keep to a throttle. A wait counts as progress, for no
 * store has failed, and the progress says what is waited for.
 */
final class ThrottledMonitor extends ProgressMonitor.Forwarding {

  private final Throttle throttle;
  private final AtomicLong waited = new AtomicLong();
  private volatile @Nullable Progress latest;

  ThrottledMonitor(ProgressMonitor outer, Throttle throttle) {
    super(outer);
    this.throttle = throttle;
  }

  @Override
  public void readShared(long bytes, Duration every, Runnable renew) {
    long begun = System.nanoTime();
    long[] next = {begun + every.toNanos()};
    throttle.take(
        bytes,
        this,
        () -> {
          moved();
          tellAgain();
          if (System.nanoTime() - next[0] > 0) {
            renew.run();
            next[0] = System.nanoTime() + every.toNanos();
          }
        });
    waited.addAndGet(System.nanoTime() - begun);
  }

  @Override
  public Duration waitedForThrottle() {
    return Duration.ofNanos(waited.get());
  }

  @Override
  public boolean isThrottled() {
    return throttle.spec().bytesPerSecond() != null;
  }

  private void tellAgain() {
    Progress progress = latest;
    if (progress != null) {
      super.update(withReason(progress));
    }
  }

  private Progress withReason(Progress progress) {
    String reason = throttle.reason();
    return reason.isEmpty() ? progress : progress.doing(progress.doing() + ", " + reason);
  }

  @Override
  public void update(Progress progress) {
    latest = progress;
    super.update(withReason(progress));
  }

  @Override
  public void resumeAt(Progress progress) {
    latest = progress;
    super.resumeAt(progress);
  }
}
