package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of one partition between two offsets, in order and to the very end.
 *
 * <p>The end is reached by position, not by counting: markers, aborted and compacted records take
 * offsets without being records. While somebody's open transaction hides what follows, the reader
 * waits, but not for ever.
 */
public final class PartitionReader implements AutoCloseable {

  /** How long an open transaction may hide records where nobody says it. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaCluster cluster;
  private final TopicPartition partition;
  private final long end;
  private final Standstill standstill;
  private @Nullable Consumer<byte[], byte[]> lent;
  private boolean failed;
  private long position;
  private long removedUpTo;

  public PartitionReader(KafkaCluster cluster, TopicPartition partition, long begin, long end) {
    this(cluster, partition, begin, end, PATIENCE);
  }

  /**
   * Reads between two offsets.
   *
   * @param patience how long an open transaction may hide records
   */
  public PartitionReader(
      KafkaCluster cluster, TopicPartition partition, long begin, long end, Duration patience) {
    this.cluster = cluster;
    this.partition = partition;
    this.end = end;
    this.standstill = new Standstill(cluster, patience);
    this.position = begin;
    this.removedUpTo = begin;
  }

  /** Whether everything below the end has been handed out. */
  public boolean isFinished() {
    return position >= end;
  }

  /** The offset from which reading goes on, the end at most. */
  public long position() {
    return position;
  }

  /**
   * The first offset that there was to read: where reading began, or, once the server had removed
   * what came next, the first one that it still had.
   */
  public long removedUpTo() {
    return removedUpTo;
  }

  /**
   * The next records, or none where none arrived within half a second.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT where an open transaction hides what follows
   *     for longer than the patience, of type SOURCE_CHANGED where the partition was truncated
   */
  public List<ConsumerRecord<byte[], byte[]>> poll() {
    if (isFinished()) {
      return List.of();
    }
    List<ConsumerRecord<byte[], byte[]>> records;
    Consumer<byte[], byte[]> consumer = reader();
    failed = true;
    try {
      records = consumer.poll(POLL).records(partition);
      moveTo(consumer);
      failed = false;
    } catch (OffsetOutOfRangeException e) {
      skipWhatWasRemoved(consumer);
      failed = false;
      return List.of();
    } catch (KafkaException e) {
      throw cluster.failure(
          Call.of("hand out the records of " + partition)
              .topic(AclOperation.READ, partition.topic()),
          e);
    }
    return records.isEmpty() || records.get(records.size() - 1).offset() < end
        ? records
        : records.stream().filter(each -> each.offset() < end).toList();
  }

  private void moveTo(Consumer<byte[], byte[]> consumer) {
    long reached = consumer.position(partition);
    if (reached > position) {
      position = Math.min(reached, end);
      standstill.end();
      cluster.moved();
    } else {
      standstill.goOn(consumer, Map.of(partition, end));
    }
  }

  /** Where there is nothing to read no reader is needed. */
  private Consumer<byte[], byte[]> reader() {
    if (lent == null) {
      lent = cluster.lendReader();
      lent.assign(List.of(partition));
      lent.seek(partition, position);
    }
    return lent;
  }

  private void skipWhatWasRemoved(Consumer<byte[], byte[]> consumer) {
    long first = RemovedRecords.firstLeft(cluster, partition, position);
    position = Math.min(first, end);
    removedUpTo = position;
    consumer.seek(partition, first);
  }

  @Override
  public void close() {
    Consumer<byte[], byte[]> used = lent;
    lent = null;
    if (used == null) {
      return;
    }
    if (failed || Thread.currentThread().isInterrupted()) {
      cluster.discard(used);
    } else {
      cluster.giveBack(used);
    }
  }
}
