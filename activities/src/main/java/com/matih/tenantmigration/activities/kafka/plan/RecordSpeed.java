package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.forecast.ReadSample;
import com.matih.tenantmigration.activities.engine.forecast.StoreForecast;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How fast the shared cluster hands out records: the largest partition is read for a second.
 *
 * <p>What is copied is counted in offsets, other tenants' included: all of them are read.
 */
final class RecordSpeed {

  /** Records that somebody's open transaction hides for longer tell nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final double PREPARATION = 1;
  private static final double OF_A_TOPIC = 1;

  /** The tenant's records are written in transactions, several partitions at a time. */
  private static final double EFFORT = 3;

  private static final double DRAIN = 1;
  private static final double DRAIN_OF_A_TOPIC = 0.3;

  private final KafkaCluster source;
  private final KafkaSpec spec;

  RecordSpeed(KafkaCluster source, KafkaSpec spec) {
    this.source = source;
    this.spec = spec;
  }

  /**
   * Estimates.
   *
   * @param ranges what the topics hold
   */
  StoreEstimate estimate(Map<TopicPartition, OffsetRange> ranges, OptionalLong bytesPerSecond) {
    int topics = spec.topics().size();
    return new StoreForecast(
            StoreName.KAFKA,
            PREPARATION + OF_A_TOPIC * topics,
            EFFORT,
            DRAIN + DRAIN_OF_A_TOPIC * topics)
        .estimate(
            ranges.values().stream().mapToLong(OffsetRange::size).sum(),
            sample -> read(ranges, sample),
            bytesPerSecond);
  }

  private void read(Map<TopicPartition, OffsetRange> ranges, ReadSample sample) {
    Optional<TopicPartition> largest =
        ranges.keySet().stream()
            .max(Comparator.comparingLong(partition -> range(ranges, partition).size()));
    if (largest.isEmpty()) {
      return;
    }
    OffsetRange range = range(ranges, largest.get());
    try (PartitionReader reader =
        new PartitionReader(source, largest.get(), range.begin(), range.end(), PATIENCE)) {
      read(reader, sample);
      if (reader.isFinished()) {
        sample.all();
        return;
      }
      // the first answer was as long in coming as it takes to connect
      sample.restart();
      while (!reader.isFinished() && sample.goesOn()) {
        read(reader, sample);
      }
    }
  }

  private static OffsetRange range(
      Map<TopicPartition, OffsetRange> ranges, TopicPartition partition) {
    return ranges.getOrDefault(partition, new OffsetRange(0, 0));
  }

  private static void read(PartitionReader reader, ReadSample sample) {
    long before = reader.position();
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
      bytes += Math.max(0, each.serializedKeySize()) + Math.max(0, each.serializedValueSize());
    }
    sample.read(reader.position() - before, bytes);
  }
}
