package com.matih.tenantmigration.devstack.sample;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/**
 * What the sample data is derived from: the same seed and size give the same data.
 *
 * @param until the end of the time that the data tells of
 */
public record SampleSeed(long value, Instant until, SampleSize size) {

  /** The usual seed; times reach up to this day's beginning, in UTC. */
  public static SampleSeed today(SampleSize size) {
    return new SampleSeed(20_260_101L, Instant.now().truncatedTo(ChronoUnit.DAYS), size);
  }

  /** A source of numbers for one thing of a tenant, independent of all others. */
  SplittableRandom random(SampleTenant tenant, String kind, long index) {
    long mixed = value * 31 + tenant.id().hashCode();
    return new SplittableRandom((mixed * 31 + kind.hashCode()) * 1_000_003 + index);
  }
}
