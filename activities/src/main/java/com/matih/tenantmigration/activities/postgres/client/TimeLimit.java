package com.matih.tenantmigration.activities.postgres.client;

import java.time.Duration;

/** How long a series of queries may take: each of them, and all together. */
public final class TimeLimit {

  /** A plan asks as many as it has, each of them for a minute at most. */
  public static final TimeLimit OF_PLAN = new TimeLimit(BoundedCount.OF_PLAN, Long.MAX_VALUE);

  /** They may take as long as they do. */
  public static final TimeLimit NONE = new TimeLimit(Duration.ZERO, Long.MAX_VALUE);

  private final Duration each;
  private final long all;
  private final long begun = System.nanoTime();

  private TimeLimit(Duration each, long allNanos) {
    this.each = each;
    this.all = allNanos;
  }

  /** All together may take so long from now on. */
  public static TimeLimit ofAll(Duration limit) {
    return new TimeLimit(limit, limit.toNanos());
  }

  private long left() {
    return all == Long.MAX_VALUE ? all : all - (System.nanoTime() - begun);
  }

  /** Whether nothing more may be asked. */
  public boolean isOver() {
    return left() < Duration.ofMillis(1).toNanos();
  }

  /** How long the next question may take; zero for no limit. */
  Duration next() {
    return all == Long.MAX_VALUE ? each : Duration.ofNanos(Math.min(each.toNanos(), left()));
  }
}
