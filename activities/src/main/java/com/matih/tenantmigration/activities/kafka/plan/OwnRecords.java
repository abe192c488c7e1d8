package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
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
 * Whether a shared topic holds a record of the tenant; what a plan may spend on the question is a
 * few seconds, so a large topic is looked at from its beginning, and not to its end.
 *
 * @param any whether one was found
 * @param whole whether all of the topic was looked at
 * @param lookedAt how many records were
 * @param misspelled how many of them have the tenant's key in another spelling
 */
record OwnRecords(boolean any, boolean whole, long lookedAt, long misspelled) {

  private static final Duration BUDGET = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Looks until the first one is found, all was looked at, or five seconds have passed. */
  static OwnRecords lookFor(
      KafkaCluster source,
      String topic,
      Map<Integer, OffsetRange> ranges,
      TenantFilter filter,
      TenantFilter otherSpelling,
      ProgressMonitor monitor) {
    Map<TopicPartition, OffsetRange> left = new HashMap<>();
    ranges.forEach(
        (partition, range) -> {
          if (!range.isEmpty()) {
            left.put(new TopicPartition(topic, partition), range);
          }
        });
    Consumer<byte[], byte[]> consumer = source.newConsumer();
    try {
      return look(consumer, left, filter, otherSpelling, monitor);
    } catch (KafkaException e) {
      throw source.failure(
          Call.of("hand out the records of " + topic).topic(AclOperation.READ, topic), e);
    } finally {
      source.close(patience -> consumer.close(CloseOptions.timeout(patience)));
    }
  }

  private static OwnRecords look(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, OffsetRange> left,
      TenantFilter filter,
      TenantFilter otherSpelling,
      ProgressMonitor monitor) {
    consumer.assign(left.keySet());
    left.forEach((partition, range) -> consumer.seek(partition, range.begin()));
    long deadline = System.nanoTime() + BUDGET.toNanos();
    long lookedAt = 0;
    long misspelled = 0;
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      monitor.throwIfCancelled();
      for (ConsumerRecord<byte[], byte[]> each : poll(consumer)) {
        lookedAt++;
        if (filter.isTenants(each)) {
          return new OwnRecords(true, false, lookedAt, misspelled);
        }
        if (otherSpelling.isTenants(each)) {
          misspelled++;
        }
      }
      left.entrySet().removeIf(each -> consumer.position(each.getKey()) >= each.getValue().end());
      // a partition that is done would go on handing out what arrives now
      consumer.pause(without(consumer.assignment(), left.keySet()));
    }
    return new OwnRecords(false, left.isEmpty(), lookedAt, misspelled);
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

  private static Set<TopicPartition> without(Set<TopicPartition> all, Set<TopicPartition> some) {
    Set<TopicPartition> rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
