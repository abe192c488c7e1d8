package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * When an engine last got anywhere: a count that grew, another text, bytes or an answer from a
 * server are progress; the same report once more is not.
 */
final class Movement {

  private final LongSupplier nanoTime;
  private final long begunAt;
  private volatile Progress latest;
  private volatile long movedAt;
  private volatile long doneBefore;
  private volatile boolean gotFurther;
  private volatile boolean unanswered;

  /**
   * Begins now.
   *
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  Movement(Progress begin, LongSupplier nanoTime) {
    this.latest = begin;
    this.nanoTime = nanoTime;
    this.begunAt = nanoTime.getAsLong();
    this.movedAt = begunAt;
  }

  Progress latest() {
    return latest;
  }

  /** So much was done before this attempt. */
  void resumeAt(Progress progress) {
    doneBefore = progress.done();
    update(progress);
  }

  void update(Progress progress) {
    Progress before = latest;
    latest = progress;
    if (progress.done() > before.done() || !progress.doing().equals(before.doing())) {
      moved();
    }
    if (progress.done() > doneBefore) {
      gotFurther = true;
    }
  }

  /** The attempt has failed, like all since then. */
  void failing(Instant since) {
    latest = latest.failingSince(since);
  }

  /** Whether the engine has done anything that was not done before. */
  boolean gotFurther() {
    return gotFurther;
  }

  /** How long the engine has been moving, from its begin to the last time that it got anywhere. */
  Duration worked() {
    return Duration.ofNanos(movedAt - begunAt);
  }

  void moved() {
    unanswered = false;
    movedAt = nanoTime.getAsLong();
  }

  /** Whether a server has left the question for its work unanswered, the last time it was asked. */
  void unanswered(boolean now) {
    unanswered = now;
  }

  /** Whether a server does not answer, and nothing has moved since it was asked. */
  boolean isUnanswered() {
    return unanswered;
  }

  /** Whether the engine may have got nowhere for so long that somebody has to look. */
  boolean isSilentFor(Duration limit) {
    return silent().compareTo(limit) > 0;
  }

  /** What an operator reads of work that has got nowhere. */
  String words() {
    return "made no progress for %s, at: %s".formatted(words(silent()), latest.doing());
  }

  Duration silent() {
    return Duration.ofNanos(nanoTime.getAsLong() - movedAt);
  }

  private static String words(Duration duration) {
    return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }
}
