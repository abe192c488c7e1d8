package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * When an engine last got anywhere, and how long it may get nowhere: a count that grew, another
 * text, bytes or an answer from a server are progress; the same report once more is not.
 */
final class Movement {

  private final Duration longest;
  private final LongSupplier nanoTime;
  private volatile Progress latest;
  private volatile long movedAt;

  /**
   * Begins now.
   *
   * @param longest how long the engine may get nowhere
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  Movement(Progress begin, Duration longest, LongSupplier nanoTime) {
    this.latest = begin;
    this.longest = longest;
    this.nanoTime = nanoTime;
    this.movedAt = nanoTime.getAsLong();
  }

  Progress latest() {
    return latest;
  }

  void update(Progress progress) {
    Progress before = latest;
    latest = progress;
    if (progress.done() > before.done() || !progress.doing().equals(before.doing())) {
      moved();
    }
  }

  void moved() {
    movedAt = nanoTime.getAsLong();
  }

  /** What an operator reads of work that has got nowhere for too long; empty while it may go on. */
  Optional<String> overdue() {
    Duration silent = silent();
    if (silent.compareTo(longest) <= 0) {
      return Optional.empty();
    }
    return Optional.of("made no progress for %s, at: %s".formatted(words(silent), latest.doing()));
  }

  private Duration silent() {
    return Duration.ofNanos(nanoTime.getAsLong() - movedAt);
  }

  private static String words(Duration duration) {
    return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }
}
