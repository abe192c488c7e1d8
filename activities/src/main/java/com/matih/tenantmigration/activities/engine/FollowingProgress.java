package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;

/**
 * How far a follower is: what it has carried over, how old that was, and whether its rounds get
 * shorter.
 */
public final class FollowingProgress {

  private final String unit;
  private final Convergence convergence = new Convergence();
  private long carried;
  private long equalAt = System.nanoTime();

  /**
   * A follower that begins now.
   *
   * @param unit of what it carries over
   */
  public FollowingProgress(String unit) {
    this.unit = unit;
  }

  /**
   * After a round that has ended now.
   *
   * @param changes that it carried over
   * @param begun when it began, by {@link System#nanoTime}; until then all is carried over now
   * @param doing what to tell of it
   */
  public Progress afterRound(long changes, long begun, String doing) {
    long now = System.nanoTime();
    Duration age = Duration.ofNanos(now - equalAt);
    equalAt = begun;
    carried += changes;
    convergence.add(changes, Duration.ofNanos(now - begun));
    return during(doing + convergence.warning()).behind(Lag.of(changes, age));
  }

  /** Between rounds. */
  public Progress during(String doing) {
    return new Progress(carried, -1, unit, doing);
  }
}
