package com.matih.tenantmigration.embedded.workload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds one session to its rate. What was not done in time is not made up for. */
final class Pace {

  private final double changesPerSecond;
  private final CountDownLatch stop;
  private long next = System.nanoTime();

  Pace(double changesPerSecond, CountDownLatch stop) {
    this.changesPerSecond = changesPerSecond;
    this.stop = stop;
  }

  /** Waits until the next transaction is due, or the workload ends. */
  void await() {
    long now = System.nanoTime();
    next = Math.max(next, now - TimeUnit.SECONDS.toNanos(1));
    try {
      // true if the workload ends, which the caller asks by itself
      boolean unused = stop.await(next - now, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  void did(int changes) {
    next += (long) (changes * TimeUnit.SECONDS.toNanos(1) / changesPerSecond);
  }
}
