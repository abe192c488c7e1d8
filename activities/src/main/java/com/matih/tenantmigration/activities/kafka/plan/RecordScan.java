package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Looks at the records of a shared topic for as long as a plan may spend on it: at all of them, or
 * in a large topic at the oldest ones of each partition and then at the newest.
 */
final class RecordScan {

  private static final Duration POLL = Duration.ofMillis(500);

  /** How many offsets before a partition's end are looked at where there is no time for all. */
  private static final long NEWEST = 2_000;

  private final KafkaCluster source;
  private final String topic;
  private final ProgressMonitor monitor;

  RecordScan(KafkaCluster source, String topic, ProgressMonitor monitor) {
    this.source = source;
    this.topic = topic;
    this.monitor = monitor;
  }

  /**
   * Looks at the records.
   *
   * @param stableEnds up to where the partitions can be read
   * @param budget how long to look
   * @return whether all were looked at
   */
  boolean look(
      Map<Integer, OffsetRange> ranges,
      Map<TopicPartition, Long> stableEnds,
      Duration budget,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    Map<TopicPartition, Long> begins = new HashMap<>();
    boolean isAllReadable = true;
    for (Map.Entry<Integer, OffsetRange> entry : ranges.entrySet()) {
      TopicPartition partition = new TopicPartition(topic, entry.getKey());
      long stable = stableEnds.getOrDefault(partition, entry.getValue().end());
      isAllReadable &= stable >= entry.getValue().end();
      if (stable > entry.getValue().begin()) {
        begins.put(partition, entry.getValue().begin());
        ends.put(partition, stable);
      }
    }
    Consumer<byte[], byte[]> consumer = source.newConsumer();
    try {
      consumer.assign(ends.keySet());
      begins.forEach(consumer::seek);
      boolean whole = read(consumer, ends, budget.dividedBy(2), each);
      if (!whole) {
        ends.forEach(
            (partition, end) ->
                consumer.seek(partition, Math.max(consumer.position(partition), end - NEWEST)));
        var unused = read(consumer, ends, budget.dividedBy(2), each);
      }
      return whole && isAllReadable;
    } catch (KafkaException e) {
      throw source.failure(
          Call.of("hand out the records of " + topic).topic(AclOperation.READ, topic), e);
    } finally {
      source.close(patience -> consumer.close(CloseOptions.timeout(patience)));
    }
  }

  /** Reads until the ends are reached, which it then takes out, or the time is over. */
  private boolean read(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Duration budget,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long deadline = System.nanoTime() + budget.toNanos();
    while (!ends.isEmpty() && System.nanoTime() - deadline < 0) {
      monitor.throwIfCancelled();
      for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
        if (record.offset() < ends.getOrDefault(partitionOf(record), 0L)) {
          each.accept(record);
        }
        monitor.moved();
      }
      ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      // a partition that is done would go on handing out what arrives now
      consumer.pause(without(consumer.assignment(), ends.keySet()));
    }
    return ends.isEmpty();
  }

  private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Retention goes on while a plan looks; what it removes was there a moment ago. */
  private static ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer) {
    try {
      return consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      consumer.seekToBeginning(e.partitions());
      return ConsumerRecords.empty();
    }
  }

  private static List<TopicPartition> without(Set<TopicPartition> all, Set<TopicPartition> some) {
    Set<TopicPartition> rest = new HashSet<>(all);
    rest.removeAll(some);
    return List.copyOf(rest);
  }
}
