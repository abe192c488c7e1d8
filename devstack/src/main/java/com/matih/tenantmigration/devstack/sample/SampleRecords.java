package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The tenants' records in the shared topics, interleaved by time, and the groups that read them.
 *
 * <p>A part of the events was written in transactions, one of which was aborted: offsets have gaps,
 * and there are records that nobody ever saw.
 */
public final class SampleRecords {

  private static final short REPLICAS = 1;
  private static final int IN_TRANSACTIONS = 100;
  private static final int RECORDS_A_TRANSACTION = 50;

  private final Side shared;
  private final SampleSeed seed;

  public SampleRecords(Side shared, SampleSeed seed) {
    this.shared = shared;
    this.seed = seed;
  }

  /** Creates the topics, writes the records, and commits the groups' positions. */
  public void load() {
    try (Admin admin = PlainKafka.admin(shared.kafkaBootstrap())) {
      List<NewTopic> topics =
          Arrays.stream(SampleTopic.values())
              .map(
                  topic ->
                      new NewTopic(topic.sharedName(), topic.partitions(), REPLICAS)
                          .configs(topic.configuration()))
              .toList();
      PlainKafka.await("create topics", admin.createTopics(topics).all());
      PlainKafka.awaitLeaders(admin, topics);
      for (SampleTopic topic : SampleTopic.values()) {
        write(topic);
      }
      for (SampleGroup group : SampleGroup.values()) {
        commit(admin, group);
      }
    }
  }

  private void write(SampleTopic topic) {
    List<ProducerRecord<byte[], byte[]>> records =
        seed.size().tenants().stream()
            .flatMap(tenant -> recordsOf(topic, tenant).stream())
            .sorted(Comparator.comparing(ProducerRecord::timestamp))
            .toList();
    int inTransactions = topic == SampleTopic.QUERY_EVENTS ? IN_TRANSACTIONS : 0;
    writeInTransactions(records.subList(0, inTransactions));
    writePlainly(records.subList(inTransactions, records.size()));
  }

  private List<ProducerRecord<byte[], byte[]>> recordsOf(SampleTopic topic, SampleTenant tenant) {
    int count = topic.records(tenant, seed.size());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      records.add(new SampleRecord(topic, tenant, number, count).produce(seed));
    }
    return records;
  }

  private void writePlainly(List<ProducerRecord<byte[], byte[]>> records) {
    try (Producer<byte[], byte[]> producer = PlainKafka.producer(shared.kafkaBootstrap())) {
      send(producer, records);
    }
  }

  private void writeInTransactions(List<ProducerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      return;
    }
    try (Producer<byte[], byte[]> producer =
        PlainKafka.producer(shared.kafkaBootstrap(), Optional.of("sample-events"))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, records);
      producer.abortTransaction();
      for (int from = 0; from < records.size(); from += RECORDS_A_TRANSACTION) {
        producer.beginTransaction();
        int to = Math.min(records.size(), from + RECORDS_A_TRANSACTION);
        send(producer, records.subList(from, to));
        producer.commitTransaction();
      }
    }
  }

  private static void send(
      Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      var unused =
          producer.send(
              record,
              (metadata, exception) -> {
                if (exception != null) {
                  failure.compareAndSet(null, exception);
                }
              });
    }
    producer.flush();
    Exception first = failure.get();
    if (first != null) {
      throw new SampleDataException("cannot write sample records", first);
    }
  }

  private static void commit(Admin admin, SampleGroup group) {
    Map<TopicPartition, Integer> percent = new HashMap<>();
    for (SampleTopic topic : SampleTopic.values()) {
      for (int partition = 0; partition < topic.partitions(); partition++) {
        TopicPartition where = new TopicPartition(topic.sharedName(), partition);
        group.percentRead(topic, partition).ifPresent(read -> percent.put(where, read));
      }
    }
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    percent.keySet().forEach(partition -> ends.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    PlainKafka.await("read the ends of topics", admin.listOffsets(ends).all())
        .forEach(
            (partition, end) ->
                positions.put(
                    partition,
                    new OffsetAndMetadata(
                        end.offset() * percent.getOrDefault(partition, 0) / 100, "sample")));
    PlainKafka.await(
        "commit the positions of " + group.sharedName(),
        admin.alterConsumerGroupOffsets(group.sharedName(), positions).all());
  }
}
