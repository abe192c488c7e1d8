package com.matih.tenantmigration.activities.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Which attempt at a work this is, in the order in which the workflow scheduled them: of two
 * attempts the later one may write, whichever of them takes over last. A worker that was frozen and
 * resumes is then no danger to the attempt that took its place.
 *
 * @param order grows from attempt to attempt of a migration, also where an activity is scheduled
 *     again after a pause or a reset; below 2<sup>53</sup>, so that a script of Redis can compare
 */
public record Attempt(long order) implements Comparable<Attempt> {

  private static final long PER_MILLISECOND = 1024;
  private static final AtomicLong LAST = new AtomicLong();

  /**
   * An attempt as the workflow's server knows it.
   *
   * @param scheduledAt when this very attempt was scheduled, by the server's clock, in milliseconds
   *     since 1970
   * @param number the first attempt's is 1
   */
  public static Attempt of(long scheduledAt, int number) {
    return new Attempt(
        scheduledAt * PER_MILLISECOND + Math.min(Math.max(number, 0), PER_MILLISECOND - 1));
  }

  /** For use without a workflow: later than all that this process has asked for. */
  public static Attempt next() {
    return new Attempt(
        LAST.updateAndGet(
            last -> Math.max(last + 1, System.currentTimeMillis() * PER_MILLISECOND)));
  }

  public boolean isBefore(Attempt other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Attempt other) {
    return Long.compare(order, other.order);
  }
}
