package com.matih.tenantmigration.embedded.workload;

import java.util.Arrays;

/** Every latency so far, in nanoseconds. */
final class LatencyRecord {

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
