package com.matih.tenantmigration.embedded.workload;

import java.time.Duration;
import java.util.Arrays;

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

  /** Every latency so far. */
  static final class Samples {

    private long[] values = new long[1024];
    private int count;

    synchronized void add(long nanoseconds) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = nanoseconds;
    }

    Latency summary() {
      long[] ascending;
      synchronized (this) {
        ascending = Arrays.copyOf(values, count);
      }
      Arrays.sort(ascending);
      return Latency.of(ascending);
    }
  }
}
