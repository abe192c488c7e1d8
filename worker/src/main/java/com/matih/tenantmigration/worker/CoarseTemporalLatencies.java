package com.matih.tenantmigration.worker;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Gives the latencies of Temporal's SDK nine buckets each. It asks for 69, for every operation and
 * every type of activity: 4.5 MB a scrape.
 */
final class CoarseTemporalLatencies implements MeterFilter {

  private static final double[] BUCKETS_NANOS =
      Stream.of("PT0.01S", "PT0.05S", "PT0.2S", "PT1S", "PT5S", "PT30S", "PT5M", "PT1H", "PT8H")
          .mapToDouble(text -> Duration.parse(text).toNanos())
          .toArray();

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    if (id.getType() != Meter.Type.TIMER || !id.getName().startsWith("temporal")) {
      return config;
    }
    return DistributionStatisticConfig.builder()
        .percentilesHistogram(false)
        .serviceLevelObjectives(BUCKETS_NANOS)
        .build()
        .merge(config);
  }
}
