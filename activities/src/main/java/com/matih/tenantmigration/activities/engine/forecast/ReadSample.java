package com.matih.tenantmigration.activities.engine.forecast;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A moment's reading of a store's shared side, which tells how fast it hands out what it has. It is
 * bounded: a plan must not be felt there.
 */
public final class ReadSample {

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final long MOST_BYTES = 8L << 20;

  private final LongSupplier nanoTime;
  private long begunAt;
  private long readAt;
  private long units;
  private long bytes;

  ReadSample(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    restart();
  }

  /** Begins anew: what came before was the time to open what is read from. */
  public void restart() {
    begunAt = nanoTime.getAsLong();
    readAt = begunAt;
    units = 0;
    bytes = 0;
  }

  /** Notes that all there is came at once: what that took was the time to open it. */
  public void all() {
    begunAt = readAt;
  }

  /** Whether enough was not read yet. */
  public boolean goesOn() {
    return nanoTime.getAsLong() - begunAt < LONGEST.toNanos() && bytes < MOST_BYTES;
  }

  /**
   * Notes what was read now.
   *
   * @param moreUnits of what the store's volume is counted in
   */
  public void read(long moreUnits, long moreBytes) {
    units += moreUnits;
    bytes += moreBytes;
    readAt = nanoTime.getAsLong();
  }

  /** Whether anything was read that tells a speed. */
  boolean tells() {
    return units > 0;
  }

  /**
   * How many seconds it takes to copy so many units.
   *
   * @param effort how much longer it takes to copy than it took to read
   * @param bytesPerSecond how many may be read; empty for as many as there are
   */
  double copySeconds(long allUnits, double effort, OptionalLong bytesPerSecond) {
    double share = (double) allUnits / units;
    double measured = effort * share * (readAt - begunAt) / 1e9;
    return bytesPerSecond.isEmpty()
        ? measured
        : Math.max(measured, share * bytes / bytesPerSecond.getAsLong());
  }
}
