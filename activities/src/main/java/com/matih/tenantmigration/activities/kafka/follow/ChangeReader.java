package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.RemovedRecords;
import com.matih.tenantmigration.activities.kafka.client.Standstill;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Reads the committed records of a shared topic's partitions as they arrive, each partition's in
 * order; where it stands is a position, as markers, aborted and compacted records take offsets,
 * too.
 */
final class ChangeReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaCluster cluster;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> positions;
  private final Standstill standstill;

  /**
   * Begins to read.
   *
   * @param positions the offset of each partition that is read next
   * @param patience how long an open transaction may hide records
   */
  ChangeReader(
      KafkaCluster cluster, String topic, Map<TopicPartition, Long> positions, Duration patience) {
    this.standstill = new Standstill(cluster, patience);
    this.cluster = cluster;
    this.topic = topic;
    this.positions = new HashMap<>(positions);
    this.consumer = cluster.newConsumer();
    consumer.assign(positions.keySet());
    positions.forEach(consumer::seek);
  }

  /** Whether the partitions are read up to there, or further. */
  boolean hasReached(Map<TopicPartition, Long> ends) {
    return left(ends).isEmpty();
  }

  private Map<TopicPartition, Long> left(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> left = new HashMap<>(ends);
    left.entrySet().removeIf(end -> position(end.getKey()) >= end.getValue());
    return left;
  }

  /** The offset that is read next. */
  long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  /**
   * The next records; none where none arrived within half a second.
   *
   * @param ends up to where is read, of which some is left
   * @throws MigrationException of type SOURCE_CHANGED where a partition was truncated, of type
   *     DRAIN_TIMED_OUT where an open transaction hides what follows for longer than the patience
   */
  Iterable<ConsumerRecord<byte[], byte[]>> poll(
      Map<TopicPartition, Long> ends, ProgressMonitor monitor) {
    Iterable<ConsumerRecord<byte[], byte[]>> records;
    try {
      records = consumer.poll(POLL);
      boolean moved = false;
      for (Map.Entry<TopicPartition, Long> each : positions.entrySet()) {
        long reached = consumer.position(each.getKey());
        moved |= reached > each.getValue();
        each.setValue(Math.max(reached, each.getValue()));
      }
      if (moved) {
        standstill.end();
        monitor.moved();
      } else {
        standstill.goOn(consumer, left(ends));
      }
      return records;
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().keySet().forEach(this::skipWhatWasRemoved);
      return List.of();
    } catch (KafkaException e) {
      throw cluster.failure(
          Call.of("hand out the records of topic " + topic).topic(AclOperation.READ, topic), e);
    }
  }

  private void skipWhatWasRemoved(TopicPartition partition) {
    long first = RemovedRecords.firstLeft(cluster, partition, position(partition));
    positions.put(partition, first);
    consumer.seek(partition, first);
  }

  @Override
  public void close() {
    cluster.close(patience -> consumer.close(CloseOptions.timeout(patience)));
  }
}
