package com.matih.tenantmigration.devstack.clusters;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plain Kafka clients for one side, all with bytes for keys and values. */
public final class PlainKafka {

  /** How long {@link #await} and closing a client may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private PlainKafka() {}

  public static Admin admin(String bootstrap) {
    return Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  /** An idempotent producer that writes in large batches. */
  public static Producer<byte[], byte[]> producer(String bootstrap) {
    return producer(bootstrap, Optional.empty());
  }

  /** A producer that writes in transactions where it gets an id for them. */
  public static Producer<byte[], byte[]> producer(
      String bootstrap, Optional<String> transactionalId) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("acks", "all");
    properties.put("linger.ms", 20);
    properties.put("batch.size", 256 << 10);
    transactionalId.ifPresent(id -> properties.put("transactional.id", id));
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A consumer without a group that sees committed records alone and never skips silently. */
  public static Consumer<byte[], byte[]> consumer(String bootstrap) {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "none",
            "isolation.level",
            "read_committed",
            "max.poll.records",
            10_000);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Waits until the leaders of new topics answer. One that is not ready yet may reject a producer's
   * first batch and take its second, which follows at once: the first is then out of order until it
   * is given up.
   *
   * @throws StoreException where they do not answer in time
   */
  public static void awaitLeaders(Admin admin, List<NewTopic> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!areAnswered(admin, ends, deadline)) {
      pause();
    }
  }

  /** A broker that is asked may not have heard of the topics yet. */
  private static boolean areAnswered(
      Admin admin, Map<TopicPartition, OffsetSpec> ends, long deadline) {
    try {
      return !await("reach the leaders of topics", admin.listOffsets(ends).all()).isEmpty();
    } catch (StoreException e) {
      boolean isUnheardOf =
          e.getCause() instanceof ExecutionException failed
              && failed.getCause() instanceof UnknownTopicOrPartitionException;
      if (isUnheardOf && System.nanoTime() < deadline) {
        return false;
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Kafka was interrupted to reach the leaders of topics", e);
    }
  }

  /**
   * The value of a future of an admin client.
   *
   * @throws StoreException where it failed or took too long
   */
  public static <T> T await(String attempted, KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Kafka was interrupted to " + attempted, e);
    } catch (ExecutionException e) {
      throw new StoreException("Kafka failed to " + attempted + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new StoreException("Kafka took too long to " + attempted, e);
    }
  }
}
