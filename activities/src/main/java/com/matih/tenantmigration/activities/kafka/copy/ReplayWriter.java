package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.ClientSettings;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Writes one dedicated partition, or several of one topic, in transactions that hold records, the
 * anchor and groups' positions together.
 *
 * <p>It is the only writer of its transactional id: opening it fences an earlier one, and waits
 * until that one's open transaction is undone.
 */
public final class ReplayWriter implements AutoCloseable {

  private final KafkaCluster cluster;
  private final TopicPartition partition;
  private final Producer<byte[], byte[]> producer;
  private final Map<String, ConsumerGroupMetadata> groups;
  private final AtomicReference<@Nullable String> refused = new AtomicReference<>();
  private final String transactionalId;
  private boolean inTransaction;
  private Instant begun = Instant.MAX;

  /**
   * Opens the writer.
   *
   * @param groups the groups that positions are committed for, by name
   */
  public ReplayWriter(
      KafkaCluster cluster,
      TopicPartition partition,
      String transactionalId,
      String compression,
      Map<String, ConsumerGroupMetadata> groups) {
    this.cluster = cluster;
    this.partition = partition;
    this.groups = groups;
    this.transactionalId = transactionalId;
    this.producer = cluster.newProducer(transactionalId, compression);
    boolean ready = false;
    try {
      attempt(producer::initTransactions);
      ready = true;
    } finally {
      if (!ready) {
        close();
      }
    }
  }

  /** The one writer's id for a partition, the same in every attempt. */
  public static String transactionalId(String migrationId, TopicPartition partition) {
    return "tenant-migration-%s-%s".formatted(migrationId, partition);
  }

  /** Writes a record as it was: key, value, headers and timestamp, missing ones missing. */
  public Future<RecordMetadata> send(ConsumerRecord<byte[], byte[]> original) {
    return send(original, partition.partition());
  }

  /** The same into a partition of the topic. */
  public Future<RecordMetadata> send(ConsumerRecord<byte[], byte[]> original, int into) {
    begin();
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(
            partition.topic(),
            into,
            timestampOf(original),
            original.key(),
            original.value(),
            original.headers());
    try {
      return producer.send(
          copy,
          (written, failed) -> {
            if (failed != null) {
              refused.compareAndSet(
                  null,
                  "%s-%d at offset %d"
                      .formatted(original.topic(), original.partition(), original.offset()));
            }
          });
    } catch (KafkaException e) {
      throw failure("take records for ", e);
    }
  }

  /** A writer's failure shows in any of its later calls, whatever it is about. */
  private MigrationException failure(String attempted, Exception e) {
    Call call =
        Call.of(attempted + partition + record())
            .topic(isOfPositions(e) ? AclOperation.READ : AclOperation.WRITE, partition.topic())
            .transactionalId(AclOperation.WRITE, transactionalId);
    for (String group : groups.keySet()) {
      call = call.group(AclOperation.READ, group);
    }
    return cluster.failure(call, e);
  }

  /** The producer has no exception for a topic of which positions may not be committed. */
  private static boolean isOfPositions(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return message.contains("TxnOffsetCommit")
        || (thrown.getCause() != null && isOfPositions(thrown.getCause()));
  }

  /** The first record that the producer or the broker refused. */
  private String record() {
    String first = refused.get();
    return first == null ? "" : ", such as that of " + first;
  }

  /** Records of the oldest format have none; the writer's clock then stands in for it. */
  private static @Nullable Long timestampOf(ConsumerRecord<byte[], byte[]> original) {
    return original.timestamp() < 0 ? null : original.timestamp();
  }

  /** The offset that a record got; waits for all that were sent. */
  public long offsetOf(Future<RecordMetadata> sent) {
    attempt(producer::flush);
    try {
      RecordMetadata written = sent.get();
      if (written.hasOffset()) {
        return written.offset();
      }
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "%s did not return the offset of a record of %s, which a group's position needs."
              .formatted(cluster.name(), partition));
    } catch (ExecutionException e) {
      throw failure("take records for ", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "Interrupted while writing.", e);
    }
  }

  /** Commits what was sent together with positions on this partition, by group. */
  public void commit(Map<String, OffsetAndMetadata> positions) {
    Map<String, Map<TopicPartition, OffsetAndMetadata>> here = new HashMap<>();
    positions.forEach((group, position) -> here.put(group, Map.of(partition, position)));
    commitAll(here);
  }

  /** Commits what was sent together with positions on partitions of the topic, by group. */
  public void commitAll(Map<String, Map<TopicPartition, OffsetAndMetadata>> positions) {
    begin();
    attempt(
        () -> {
          positions.forEach(
              (group, offsets) -> producer.sendOffsetsToTransaction(offsets, groups.get(group)));
          DurableAct.COMMIT_RECORDS.run(producer::commitTransaction);
        });
    inTransaction = false;
  }

  private void begin() {
    if (!inTransaction) {
      begun = Instant.now();
      attempt(producer::beginTransaction);
      inTransaction = true;
    }
  }

  private void attempt(Runnable call) {
    try {
      call.run();
    } catch (KafkaException e) {
      MigrationException failure = failure("commit records to ", e);
      throw failure.type() == FailureType.WRITER_SUPERSEDED && hasOutlivedItsTransaction()
          ? tooSlow(e)
          : failure;
    }
  }

  /** The broker then ends the transaction as a newer writer would; another try succeeds. */
  private boolean hasOutlivedItsTransaction() {
    return inTransaction
        && Duration.between(begun, Instant.now()).compareTo(ClientSettings.TRANSACTION_TIMEOUT) > 0;
  }

  private MigrationException tooSlow(KafkaException e) {
    return new MigrationException(
        FailureType.STORE_ERROR,
        "%s ended a transaction in %s that took longer than %d s; it is retried."
            .formatted(cluster.name(), partition, ClientSettings.TRANSACTION_TIMEOUT.toSeconds()),
        e);
  }

  /** What was not committed is undone by the next writer of that id, or by the rollback. */
  @Override
  public void close() {
    cluster.close(producer::close);
  }
}
