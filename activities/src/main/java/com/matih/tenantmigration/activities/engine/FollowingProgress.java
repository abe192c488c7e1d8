package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a follower is: what it has carried over, how old that was, whether its rounds get
 * shorter, and how long the rest would take under the fence.
 *
 * <p>The drain does what the follower has just done: it opens the same sessions, takes one more
 * round, and does something beside. So what that took is how long the drain will take.
 */
public final class FollowingProgress {

  private final String unit;
  private final Convergence convergence = new Convergence();
  private final long begun = System.nanoTime();
  private long carried;
  private long equalAt = begun;
  private Duration opening = Duration.ZERO;
  private Duration beside = Duration.ZERO;
  private String told = "";
  private @Nullable Lag lag;

  /**
   * A follower that begins now, before it opens anything.
   *
   * @param unit of what it carries over
   */
  public FollowingProgress(String unit) {
    this.unit = unit;
  }

  /** Notes that what the rounds need is open, and how often the drain does as much once more. */
  public void opened(int more) {
    opening = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(1L + more);
  }

  /**
   * Notes how long something took, the last time, that the drain does beside its round.
   *
   * @param since when it began, by {@link System#nanoTime}
   */
  public void beside(long since) {
    beside = Duration.ofNanos(System.nanoTime() - since);
  }

  /**
   * After a round that has ended now.
   *
   * @param changes that it carried over
   * @param since when it began, by {@link System#nanoTime}; until then all is carried over now
   * @param doing what to tell of it
   */
  public Progress afterRound(long changes, long since, String doing) {
    return afterRound(changes, since, Duration.ZERO, doing);
  }

  /**
   * The same for a round that waited for the throttle, as the drain does not.
   *
   * @param waited for how long of the round
   */
  public Progress afterRound(long changes, long since, Duration waited, String doing) {
    long now = System.nanoTime();
    Duration age = Duration.ofNanos(now - equalAt);
    equalAt = since;
    carried += changes;
    convergence.add(changes, Duration.ofNanos(now - since), waited);
    lag = Lag.of(changes, age);
    told = doing + convergence.warning();
    return lastRound();
  }

  /** What was told of the last round, with what was noted since. */
  public Progress lastRound() {
    return during(told);
  }

  /** While the next round waits to begin: the dedicated side gets older. */
  public Progress waiting() {
    Lag last = lag;
    if (last != null) {
      Duration age = Duration.ofNanos(System.nanoTime() - equalAt);
      lag = Lag.of(last.changes(), age);
    }
    return lastRound();
  }

  /** Between rounds. */
  public Progress during(String doing) {
    Progress progress = new Progress(carried, -1, unit, doing);
    Lag last = lag;
    return last == null ? progress : progress.following(new Followed(last, drainSeconds()));
  }

  private double drainSeconds() {
    return opening.plus(convergence.nextRound()).plus(beside).toMillis() / 1000.0;
  }
}
