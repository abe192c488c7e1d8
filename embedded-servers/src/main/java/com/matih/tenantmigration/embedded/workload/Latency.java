package com.matih.tenantmigration.embedded.workload;

import java.time.Duration;

/** How long transactions took, without the pauses that they made themselves. */
public record Latency(int count, Duration median, Duration p99, Duration longest) {

  /**
   * The latency of some transactions.
   *
   * @param nanoseconds ascending; may be empty
   */
  static Latency of(long[] nanoseconds) {
    int count = nanoseconds.length;
    if (count == 0) {
      return new Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    return new Latency(
        count,
        Duration.ofNanos(nanoseconds[(count - 1) / 2]),
        Duration.ofNanos(nanoseconds[(int) Math.ceil(count * 0.99) - 1]),
        Duration.ofNanos(nanoseconds[count - 1]));
  }
}
