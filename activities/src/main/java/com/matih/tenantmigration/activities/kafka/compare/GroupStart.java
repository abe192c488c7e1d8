package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.RecordDifference;
import com.matih.tenantmigration.activities.kafka.client.RecordStream;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a group would read next on both sides, from its position on and for some records,
 * without walking through all records before it.
 */
final class GroupStart {

  /** Enough to tell the place in the log, unless as many records in a row are the same. */
  private static final int RECORDS = 64;

  private static final TenantFilter EVERY_RECORD = each -> true;

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final KafkaSpec.Topic topic;
  private final TenantFilter filter;
  private final boolean compacted;
  private final Finding finding;
  private final ProgressMonitor monitor;

  GroupStart(
      KafkaCluster source,
      KafkaCluster target,
      KafkaSpec.Topic topic,
      TenantFilter filter,
      boolean compacted,
      Finding finding,
      ProgressMonitor monitor) {
    this.source = source;
    this.target = target;
    this.topic = topic;
    this.filter = filter;
    this.compacted = compacted;
    this.finding = finding;
    this.monitor = monitor;
  }

  /**
   * Names the groups that would read something else.
   *
   * @param positions where the groups stand on the dedicated side
   */
  void compare(
      TopicPositions.Partition partition,
      Map<KafkaSpec.ConsumerGroup, Map<TopicPartition, OffsetAndMetadata>> positions,
      OffsetRange dedicated) {
    TopicPartition to = partition.of(topic.to());
    for (KafkaSpec.ConsumerGroup group : positions.keySet()) {
      TopicPositions.Position shared = partition.groups().get(group.from());
      OffsetAndMetadata moved = positions.getOrDefault(group, Map.of()).get(to);
      GroupComparison comparison = new GroupComparison(group.from(), group.to(), shared, moved);
      if (shared != null
          && moved != null
          && moved.offset() >= dedicated.begin()
          && moved.offset() <= dedicated.end()) {
        walk(partition, shared.offset(), moved.offset(), dedicated, comparison);
      }
      comparison.conclude(to, dedicated, finding);
    }
  }

  private void walk(
      TopicPositions.Partition partition,
      long from,
      long there,
      OffsetRange dedicated,
      GroupComparison comparison) {
    TopicPartition shared = partition.of(topic.from());
    long begin = Math.min(Math.max(from, source.topics().begin(shared)), partition.end());
    try (PartitionReader originals = new PartitionReader(source, shared, begin, partition.end());
        PartitionReader copies =
            new PartitionReader(target, partition.of(topic.to()), there, dedicated.end())) {
      RecordStream left = RecordStream.ofShared(originals, filter, monitor);
      RecordStream right = new RecordStream(copies, EVERY_RECORD, monitor);
      if (compacted || begin > from) {
        skipWhatWasRemoved(left.peek(), right);
      }
      int most = compacted ? 1 : RECORDS;
      for (int i = 0; i < most; i++) {
        ConsumerRecord<byte[], byte[]> original = left.peek();
        ConsumerRecord<byte[], byte[]> copy = right.peek();
        if (original == null && copy == null) {
          return;
        }
        if (original == null || copy == null || !RecordDifference.same(original, copy)) {
          // each side then comes to a record that the other one does not have at this place
          comparison.step(original, null);
          comparison.step(null, copy);
          return;
        }
        left.skip();
        right.skip();
      }
    }
  }

  /** The dedicated side keeps what the shared side has removed since it was replayed. */
  private static void skipWhatWasRemoved(
      @Nullable ConsumerRecord<byte[], byte[]> original, RecordStream copies) {
    for (ConsumerRecord<byte[], byte[]> copy = copies.peek();
        copy != null && (original == null || !RecordDifference.same(original, copy));
        copy = copies.peek()) {
      copies.skip();
    }
  }
}
