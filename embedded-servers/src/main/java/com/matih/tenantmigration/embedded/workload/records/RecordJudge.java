package com.matih.tenantmigration.embedded.workload.records;

import com.matih.tenantmigration.embedded.workload.records.RecordLoadJournal.Acknowledged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a dedicated topic has what a {@link RecordLoad} was acknowledged: each of the
 * tenant's records once and in order, nothing else, and its groups where they were.
 */
public final class RecordJudge {

  private static final int NAMED = 10;

  private final RecordLoadJournal journal;
  private final RecordLoadSettings settings;
  private final String dedicatedServers;
  private final String dedicatedTopic;

  public RecordJudge(
      RecordLoad load,
      RecordLoadSettings settings,
      String dedicatedServers,
      String dedicatedTopic) {
    this.journal = load.journal();
    this.settings = settings;
    this.dedicatedServers = dedicatedServers;
    this.dedicatedTopic = dedicatedTopic;
  }

  private record Arrived(long offset, String id, String content) {}

  /** What is wrong with the records; empty where nothing is. */
  public List<String> records() {
    List<String> findings = new ArrayList<>();
    for (int partition = 0; partition < settings.partitions(); partition++) {
      List<Acknowledged> expected = journal.of(settings.tenant(), partition);
      List<Arrived> arrived = read(partition);
      for (int i = 0; i < Math.max(expected.size(), arrived.size()); i++) {
        String wanted =
            i < expected.size()
                ? expected.get(i).id() + " " + expected.get(i).content()
                : "the end";
        String found =
            i < arrived.size() ? arrived.get(i).id() + " " + arrived.get(i).content() : "the end";
        if (!wanted.equals(found)) {
          findings.add(
              "partition %d, record %d of %d: expected %s, found %s"
                  .formatted(partition, i, expected.size(), wanted, found));
          break;
        }
      }
    }
    return findings.stream().limit(NAMED).toList();
  }

  /**
   * What is wrong with the groups' positions; empty where nothing is.
   *
   * @param dedicatedGroups the group that took a group's place, in the order of the settings'
   *     groups
   */
  public List<String> groups(List<String> dedicatedGroups)
      throws InterruptedException, ExecutionException {
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < dedicatedGroups.size(); i++) {
      Map<TopicPartition, OffsetAndMetadata> shared =
          positions(settings.bootstrapServers(), settings.groups().get(i));
      Map<TopicPartition, OffsetAndMetadata> dedicated =
          positions(dedicatedServers, dedicatedGroups.get(i));
      for (int partition = 0; partition < settings.partitions(); partition++) {
        String expected =
            nextOnShared(shared.get(new TopicPartition(settings.topic(), partition)), partition);
        String found =
            nextOnDedicated(
                dedicated.get(new TopicPartition(dedicatedTopic, partition)), partition);
        if (!expected.equals(found)) {
          findings.add(
              "group %s, partition %d: would read %s next, and reads %s"
                  .formatted(settings.groups().get(i), partition, expected, found));
        }
      }
    }
    return findings.stream().limit(NAMED).toList();
  }

  private String nextOnShared(@Nullable OffsetAndMetadata position, int partition) {
    if (position == null) {
      return "nothing";
    }
    Optional<String> next =
        journal.of(settings.tenant(), partition).stream()
            .filter(each -> each.offset() >= position.offset())
            .findFirst()
            .map(Acknowledged::id);
    return next.orElse("the end") + " as " + position.metadata();
  }

  private String nextOnDedicated(@Nullable OffsetAndMetadata position, int partition) {
    if (position == null) {
      return "nothing";
    }
    Optional<String> next =
        read(partition).stream()
            .filter(each -> each.offset() >= position.offset())
            .findFirst()
            .map(Arrived::id);
    return next.orElse("the end") + " as " + position.metadata();
  }

  private static Map<TopicPartition, OffsetAndMetadata> positions(String servers, String group)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    }
  }

  /** All committed records of a dedicated partition, whatever retention and compaction do. */
  private List<Arrived> read(int partition) {
    TopicPartition at = new TopicPartition(dedicatedTopic, partition);
    List<Arrived> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                dedicatedServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class))) {
      consumer.assign(List.of(at));
      consumer.seekToBeginning(List.of(at));
      long end = consumer.endOffsets(List.of(at)).get(at);
      while (consumer.position(at) < end) {
        for (ConsumerRecord<byte[], byte[]> each :
            consumer.poll(Duration.ofMillis(200)).records(at)) {
          records.add(
              new Arrived(
                  each.offset(),
                  LoadRecords.header(each.headers(), LoadRecords.ID_HEADER),
                  LoadRecords.content(each.key(), each.value(), each.headers(), each.timestamp())));
        }
      }
    }
    return records;
  }
}
