package com.matih.tenantmigration.benchmarks.kafka;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Contender;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Step;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A consumer that reads all, and a producer that writes what is the tenant's, without more ado. */
final class ConsumerAndProducer implements Contender {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final StoreServers servers;
  private final Admin dedicated;

  ConsumerAndProducer(StoreServers servers, Admin dedicated) {
    this.servers = servers;
    this.dedicated = dedicated;
  }

  @Override
  public String name() {
    return "consumer and producer";
  }

  @Override
  public List<Step> steps(String target) throws InterruptedException {
    KafkaBench.create(dedicated, target);
    return List.of(new Step(name(), () -> copy(target)));
  }

  private void copy(String target) throws InterruptedException {
    byte[] tenant = OwnMigration.TENANT.getBytes(StandardCharsets.UTF_8);
    Last last = new Last();
    try (KafkaProducer<byte[], byte[]> producer = producer(servers.dedicated(KafkaServer.class))) {
      readAll(
          servers.shared(KafkaServer.class),
          KafkaBench.SHARED_TOPIC,
          record -> {
            Header header = record.headers().lastHeader(KafkaBench.HEADER);
            if (header != null && Arrays.equals(header.value(), tenant)) {
              last.sent =
                  producer.send(
                      new ProducerRecord<>(
                          target,
                          record.partition(),
                          record.timestamp(),
                          record.key(),
                          record.value(),
                          record.headers()));
            }
          });
      producer.flush();
      if (last.sent != null) {
        var unused = last.sent.get();
      }
    } catch (ExecutionException e) {
      throw new BenchmarkException("Kafka refuses a record.", e.getCause());
    }
  }

  /** The last record that was sent. */
  private static final class Last {
    private @Nullable Future<RecordMetadata> sent;
  }

  /** How many records a topic has. */
  static long count(KafkaServer server, String topic) {
    long[] records = {0};
    readAll(server, topic, record -> records[0]++);
    return records[0];
  }

  private static void readAll(
      KafkaServer server, String topic, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                server.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, KafkaBench.PARTITIONS)
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(PATIENCE).forEach(taker);
      }
    }
  }

  static KafkaProducer<byte[], byte[]> producer(KafkaServer server) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            server.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 * 1024),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
