package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Looks for records of the tenant behind somebody's open transaction, which hides all that follows
 * its first record from readers of committed records. Where there is none, nobody has to wait for
 * the transaction to end.
 *
 * <p>What is found may be aborted later: then its transaction was waited for without need.
 */
public final class UncommittedRecords {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaCluster cluster;
  private final ProgressMonitor monitor;

  public UncommittedRecords(KafkaCluster cluster, ProgressMonitor monitor) {
    this.cluster = cluster;
    this.monitor = monitor;
  }

  /** The offset of the first record of the tenant between two offsets, committed or not. */
  public OptionalLong firstTenants(
      TopicPartition partition, long begin, long end, TenantFilter filter) {
    return find(partition, begin, end, filter, true);
  }

  /** The offset of the last record of the tenant between two offsets, committed or not. */
  OptionalLong lastTenants(TopicPartition partition, long begin, long end, TenantFilter filter) {
    return find(partition, begin, end, filter, false);
  }

  private OptionalLong find(
      TopicPartition partition, long begin, long end, TenantFilter filter, boolean first) {
    OptionalLong found = OptionalLong.empty();
    Consumer<byte[], byte[]> consumer = cluster.newUncommittedConsumer();
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, begin);
      long movedAt = System.nanoTime();
      long position = begin;
      while (position < end) {
        monitor.throwIfCancelled();
        for (ConsumerRecord<byte[], byte[]> each : poll(consumer, partition)) {
          if (each.offset() < end && filter.isTenants(each)) {
            found = OptionalLong.of(each.offset());
            if (first) {
              return found;
            }
          }
        }
        if (consumer.position(partition) > position) {
          position = consumer.position(partition);
          movedAt = System.nanoTime();
        } else if (System.nanoTime() - movedAt > PATIENCE.toNanos()) {
          throw new MigrationException(
              FailureType.STORE_ERROR,
              "%s has returned no records of %s from offset %d on for %d s, although it has some."
                  .formatted(cluster.name(), partition, position, PATIENCE.toSeconds()));
        }
      }
      return found;
    } catch (KafkaException e) {
      throw cluster.failure(
          Call.of("hand out the records of " + partition)
              .topic(AclOperation.READ, partition.topic()),
          e);
    } finally {
      cluster.close(patience -> consumer.close(CloseOptions.timeout(patience)));
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> poll(
      Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    try {
      return consumer.poll(POLL).records(partition);
    } catch (OffsetOutOfRangeException e) {
      consumer.seekToBeginning(e.partitions());
      return List.of();
    }
  }
}
