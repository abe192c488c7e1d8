package com.matih.tenantmigration.activities.engine.throttle;

import java.time.Duration;

/**
 * Lets so many bytes a second pass. Whoever takes some may take more than there are: the debt is
 * paid before anybody takes any again, so that no piece is too large for the rate, and parallel
 * readers together keep to it.
 */
final class TokenBucket {

  private static final double NANOS = Duration.ofSeconds(1).toNanos();

  private double debt;
  private long paidAt;

  TokenBucket(long now) {
    this.paidAt = now;
  }

  /**
   * Takes bytes if no debt is open.
   *
   * @param rate bytes a second since the last call
   * @param now a time of {@link System#nanoTime}
   */
  synchronized boolean tryTake(long bytes, long rate, long now) {
    debt = Math.max(0, debt - rate * ((now - paidAt) / NANOS));
    paidAt = now;
    if (debt > 0) {
      return false;
    }
    debt = bytes;
    return true;
  }

  /** How long it takes to pay the debt with that rate. */
  synchronized Duration untilPaid(long rate) {
    return Duration.ofNanos((long) Math.min(Long.MAX_VALUE, debt / rate * NANOS));
  }

  /** Forgets the debt: nothing is bounded now. */
  synchronized void clear(long now) {
    debt = 0;
    paidAt = now;
  }
}
