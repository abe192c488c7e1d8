package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands still before a step until it is let go, and dies a few steps later. What it does side by
 * side with that step goes on.
 */
final class Frozen implements ProgressMonitor {

  static final int STEPS_TO_LIVE = 6;

  private final Attempt attempt = Attempt.next();
  private final int step;
  private final AtomicInteger steps = new AtomicInteger();
  final CountDownLatch standing = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  Frozen(int step) {
    this.step = step;
  }

  void awaitStanding() {
    await(standing);
  }

  void letGo() {
    released.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Attempt attempt() {
    return attempt;
  }

  @Override
  public void update(Progress progress) {}

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void throwIfCancelled() {
    int now = steps.incrementAndGet();
    if (now >= step) {
      standing.countDown();
      await(released);
    }
    if (now >= step + STEPS_TO_LIVE) {
      throw new MigrationException(FailureType.CANCELLED, "It has died.");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    return () -> {};
  }
}
