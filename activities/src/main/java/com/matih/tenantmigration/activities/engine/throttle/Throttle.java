package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.request.ByteSize;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds all readers of one store of one migration in this process to the migration's throttle, as
 * it is now.
 */
final class Throttle {

  /** How soon a reader that waits learns that the throttle was changed. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private final TokenBucket bucket = new TokenBucket(System.nanoTime());
  private final WaitShare waits = new WaitShare(System.nanoTime());
  private volatile ThrottleSpec spec;
  private volatile String replicas = "";

  Throttle(ThrottleSpec spec) {
    this.spec = spec;
  }

  ThrottleSpec spec() {
    return spec;
  }

  void change(ThrottleSpec next) {
    spec = next;
  }

  /**
   * Has readers wait for replicas.
   *
   * @param words which are behind; empty where none is
   */
  void awaitReplicas(String words) {
    replicas = words;
  }

  /**
   * Waits until bytes may be read; if they are none, also until no replica is behind. Who reads
   * already may hold a snapshot, which for hours would keep VACUUM from all rows of the server.
   *
   * @param waiting called every moment of a wait
   */
  void take(long bytes, ProgressMonitor monitor, Runnable waiting) {
    for (Duration left = left(bytes); left != null; left = left(bytes)) {
      waiting.run();
      Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
      waits.add(wait, System.nanoTime());
      monitor.pause(wait);
    }
  }

  /** How long the wait may last; null where the bytes were taken. */
  private @Nullable Duration left(long bytes) {
    if (bytes == 0 && !replicas.isEmpty()) {
      return LONGEST_WAIT;
    }
    Long rate = spec.bytesPerSecond();
    long now = System.nanoTime();
    if (rate == null) {
      bucket.clear(now);
      return null;
    }
    return bucket.tryTake(bytes, rate, now) ? null : bucket.untilPaid(rate);
  }

  /** What the readers wait for most of the time, for people; empty where they do not. */
  String reason() {
    String behind = replicas;
    if (!behind.isEmpty()) {
      return behind;
    }
    Long rate = spec.bytesPerSecond();
    return rate != null && waits.isMuch(System.nanoTime())
        ? "held to %s/s by the throttle".formatted(ByteSize.format(rate))
        : "";
  }
}
