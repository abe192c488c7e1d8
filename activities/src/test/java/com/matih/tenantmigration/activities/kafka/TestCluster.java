package com.matih.tenantmigration.activities.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A cluster as its other users see it: whom a migration finds, and who looks at what it did. */
public final class TestCluster implements AutoCloseable {

  private final String bootstrapServers;
  final Admin admin;

  TestCluster(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Creates a topic and waits until the leader of each partition answers for it. Before, a leader
   * may reject a producer's first batch and take its second, which follows at once: the first is
   * then out of order until it has been tried for two minutes.
   */
  public Uuid createTopic(String topic, int partitions, Map<String, String> settings) {
    Uuid id =
        await(
            admin
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .topicId(topic));
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, partitions)
            .mapToObj(number -> new TopicPartition(topic, number))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    // a broker that is asked for the leaders may not have heard of the topic yet
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsMatching(e -> e.getCause() instanceof UnknownTopicOrPartitionException)
        .until(() -> await(admin.listOffsets(ends).all()).size() == partitions);
    return id;
  }

  public boolean hasTopic(String topic) {
    return await(admin.listTopics().names()).contains(topic);
  }

  Uuid idOf(String topic) {
    return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)).topicId();
  }

  void deleteTopic(String topic) {
    await(admin.deleteTopics(List.of(topic)).all());
  }

  Map<String, String> ownSettings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> own = new HashMap<>();
    await(admin.describeConfigs(List.of(resource)).values().get(resource)).entries().stream()
        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .forEach(entry -> own.put(entry.name(), entry.value()));
    return own;
  }

  /** All settings that are in force. */
  Map<String, String> settings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> all = new HashMap<>();
    await(admin.describeConfigs(List.of(resource)).values().get(resource))
        .entries()
        .forEach(entry -> all.put(entry.name(), String.valueOf(entry.value())));
    return all;
  }

  /** Returns when the broker has it, which it hears after the client that sets it. */
  void set(String topic, String name, String value) {
    await(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    List.of(
                        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
            .all());
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> value.equals(ownSettings(topic).get(name)));
  }

  public void deleteRecordsBefore(String topic, int partition, long offset) {
    await(
        admin
            .deleteRecords(
                Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
            .all());
  }

  long end(String topic, int partition) {
    TopicPartition at = new TopicPartition(topic, partition);
    return await(admin.listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at)).offset();
  }

  /** A coordinator may hear of a new topic later than the client that created it. */
  public void commit(String group, String topic, int partition, long offset) {
    commit(group, topic, partition, new OffsetAndMetadata(offset));
  }

  public void commit(String group, String topic, int partition, OffsetAndMetadata position) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsMatching(e -> e.getCause() instanceof UnknownTopicOrPartitionException)
        .until(
            () -> {
              await(
                  admin
                      .alterConsumerGroupOffsets(
                          group, Map.of(new TopicPartition(topic, partition), position))
                      .all());
              return true;
            });
  }

  Optional<Long> position(String group, String topic, int partition) {
    return committed(group, topic, partition).map(OffsetAndMetadata::offset);
  }

  Optional<OffsetAndMetadata> committed(String group, String topic, int partition) {
    return Optional.ofNullable(
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .get(new TopicPartition(topic, partition)));
  }

  List<String> groups() {
    return await(admin.listGroups().all()).stream().map(group -> group.groupId()).toList();
  }

  /** Makes a share group of that name, which stays when its only consumer has left. */
  public void join(String shareGroup) {
    String topic = "of-" + shareGroup;
    createTopic(topic, 1, Map.of());
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "group.id", shareGroup),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  consumer.poll(Duration.ofMillis(200)).isEmpty() && groups().contains(shareGroup));
    }
  }

  Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(producerSettings());
  }

  Producer<byte[], byte[]> transactionalProducer(String id) {
    Map<String, Object> settings = producerSettings();
    settings.put("transactional.id", id);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(settings);
    producer.initTransactions();
    return producer;
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("max.request.size", 8 * 1024 * 1024);
    // a partition that was created just now may refuse a batch and take the one behind it, which
    // then is out of order until the producer gives up
    settings.put("max.in.flight.requests.per.connection", 1);
    settings.put("key.serializer", ByteArraySerializer.class);
    settings.put("value.serializer", ByteArraySerializer.class);
    return settings;
  }

  /** A record that says by its header whose it is. */
  public static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, String tenant, @Nullable String key, @Nullable String value) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(topic, partition, null, bytes(key), bytes(value));
    made.headers().add("tenant-id", bytes(tenant));
    return made;
  }

  public static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  public void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (Producer<byte[], byte[]> producer = producer()) {
      List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** So many records, every third the tenant's, over the topic's partitions in turn. */
  public void sendMixed(String topic, int partitions, int count) {
    send(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    record(
                        topic,
                        i % partitions,
                        i % 3 == 0 ? KafkaFixture.TENANT : "globex",
                        "k" + i % 100,
                        "value " + i))
            .toList());
  }

  /** All committed records of a partition. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int partition) {
    TopicPartition at = new TopicPartition(topic, partition);
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
    try {
      consumer.assign(List.of(at));
      consumer.seekToBeginning(List.of(at));
      long end = end(topic, partition);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (consumer.position(at) < end) {
        records.addAll(consumer.poll(Duration.ofMillis(200)).records(at));
      }
      return records;
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
  }

  /** The values of a partition's records, as text. */
  List<String> values(String topic, int partition) {
    return read(topic, partition).stream()
        .map(each -> new String(each.value(), StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
