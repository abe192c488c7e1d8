package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicReplayIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private StoresSummary replay(MigrationContext context) {
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    return fixture.migration.replay(context, UNMONITORED);
  }

  private Finding compare(MigrationContext context) {
    return new RecordComparison(fixture.secrets, fixture.journal).compare(context, UNMONITORED);
  }

  private void assertTenantsRecordsArrived(int partitions) {
    for (int partition = 0; partition < partitions; partition++) {
      List<ConsumerRecord<byte[], byte[]>> originals =
          fixture.shared.read(fixture.from, partition).stream()
              .filter(TenantFilter.of(fixture.byHeader(), KafkaFixture.TENANT)::isTenants)
              .toList();
      assertThat(fixture.dedicated.read(fixture.to, partition).stream().map(Plain::of))
          .containsExactlyElementsOf(originals.stream().map(Plain::of).toList());
    }
  }

  /** What of a record is kept. */
  private record Plain(String key, String value, String headers, long timestamp) {
    static Plain of(ConsumerRecord<byte[], byte[]> each) {
      List<String> headers = new ArrayList<>();
      each.headers().forEach(header -> headers.add(header.key() + "=" + text(header.value())));
      return new Plain(text(each.key()), text(each.value()), headers.toString(), each.timestamp());
    }

    private static String text(byte[] bytes) {
      return bytes == null ? "<null>" : new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Test
  void recordsKeepOrderKeysHeadersTimestampsAndTombstones() {
    fixture.shared.createTopic(
        fixture.from,
        3,
        Map.of("retention.ms", "-1", "message.timestamp.after.max.ms", "9000000000000"));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      ProducerRecord<byte[], byte[]> each =
          new ProducerRecord<>(
              fixture.from,
              i % 3,
              i % 5 == 0 ? 12345L + i : i % 7 == 0 ? 4_000_000_000_000L : 1_700_000_000_000L - i,
              i % 4 == 0 ? null : TestCluster.bytes("key" + i),
              i % 6 == 0 ? null : TestCluster.bytes("value" + i));
      each.headers().add("trace", i % 2 == 0 ? null : new byte[] {(byte) i, -1});
      each.headers().add("trace", new byte[0]);
      each.headers()
          .add("tenant-id", TestCluster.bytes(i % 2 == 0 ? KafkaFixture.TENANT : "globex"));
      records.add(each);
    }
    fixture.shared.send(records);
    MigrationContext context = fixture.context();

    StoresSummary summary = replay(context);

    assertThat(summary.kafka())
        .isEqualTo(new StoresSummary.Kafka(List.of(new StoresSummary.Topic(fixture.to, 45)), 0));
    assertTenantsRecordsArrived(3);
    Finding finding = compare(context);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(45);
  }

  @Test
  void groupsReadTheSameRecordNextThoughOffsetsDiffer() {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    try (Producer<byte[], byte[]> writer =
        fixture.shared.transactionalProducer("neighbour-" + fixture.id)) {
      for (int batch = 0; batch < 10; batch++) {
        writer.beginTransaction();
        for (int i = 0; i < 3; i++) {
          String tenant = i == 1 ? "globex" : KafkaFixture.TENANT;
          var unused =
              writer.send(record(fixture.from, 0, tenant, "k", "batch %d/%d".formatted(batch, i)));
        }
        if (batch % 3 == 2) {
          writer.abortTransaction();
        } else {
          writer.commitTransaction();
        }
      }
    }
    // partition 0: each batch takes 4 offsets with its marker; 2, 5 and 8 were aborted
    commit("middle", 0, 4);
    commit("at-neighbour", 0, 5);
    commit("at-marker", 0, 7);
    commit("at-aborted", 0, 8);
    commit("start", 0, 0);
    commit("end", 0, fixture.shared.end(fixture.from, 0));
    commit("other-partition", 1, 0);
    String[] groups = {
      "middle", "at-neighbour", "at-marker", "at-aborted", "start", "end", "other-partition", "none"
    };
    MigrationContext context = fixture.context(groups);

    StoresSummary summary = replay(context);

    assertTenantsRecordsArrived(1);
    assertThat(next("middle")).isEqualTo("batch 1/0");
    assertThat(next("at-neighbour")).isEqualTo("batch 1/2");
    assertThat(next("at-marker")).isEqualTo("batch 3/0");
    assertThat(next("at-aborted")).isEqualTo("batch 3/0");
    assertThat(next("start")).isEqualTo("batch 0/0");
    assertThat(next("end")).isEqualTo("the end");
    assertThat(position("none", 0)).isEqualTo(-1);
    assertThat(position("middle", 1)).isEqualTo(-1);
    assertThat(position("other-partition", 0)).isEqualTo(-1);
    assertThat(position("other-partition", 1)).isEqualTo(0);
    assertThat(summary.kafka()).extracting(StoresSummary.Kafka::consumerGroups).isEqualTo(7);
    assertThat(compare(context).namedMismatches()).isEmpty();
  }

  @Test
  void groupBelowTheLogStartGoesOnWithTheFirstRetainedRecord() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 30);
    commit("late", 0, 3);
    fixture.shared.deleteRecordsBefore(fixture.from, 0, 10);
    MigrationContext context = fixture.context("late");

    replay(context);

    assertThat(next("late")).isEqualTo("value 12");
    assertThat(fixture.dedicated.values(fixture.to, 0))
        .containsExactly("value 12", "value 15", "value 18", "value 21", "value 24", "value 27");
    assertThat(compare(context).namedMismatches()).isEmpty();
  }

  private void commit(String group, int partition, long offset) {
    fixture.shared.commit(fixture.sharedGroup(group), fixture.from, partition, offset);
  }

  private long position(String group, int partition) {
    return fixture
        .dedicated
        .position(fixture.dedicatedGroup(group), fixture.to, partition)
        .orElse(-1L);
  }

  private String next(String group) {
    long position = position(group, 0);
    assertThat(position).isNotNegative();
    return fixture.dedicated.read(fixture.to, 0).stream()
        .filter(each -> each.offset() >= position)
        .findFirst()
        .map(each -> new String(each.value(), StandardCharsets.UTF_8))
        .orElse("the end");
  }

  @Test
  void compactedTopicIsReplayedAsItIsNow() {
    fixture.shared.createTopic(
        fixture.from,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "200",
            "min.cleanable.dirty.ratio", "0.001",
            "delete.retention.ms", "0"));
    for (int round = 0; round < 4; round++) {
      int written = round * 100;
      fixture.shared.send(
          IntStream.range(0, 100)
              .mapToObj(
                  i ->
                      record(
                          fixture.from,
                          0,
                          i % 2 == 0 ? KafkaFixture.TENANT : "globex",
                          "key" + i % 10,
                          written + i == 395 ? null : "value " + (written + i)))
              .toList());
      Awaitility.await().pollDelay(Duration.ofMillis(250)).until(() -> true);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> fixture.shared.read(fixture.from, 0).size() < 200);
    MigrationContext context = fixture.context();

    replay(context);

    assertThat(fixture.dedicated.read(fixture.to, 0)).isNotEmpty();
    assertThat(compare(context).namedMismatches()).isEmpty();
  }

  @Test
  void arrivalTimesOfALogAppendTimeTopicAreKept() {
    fixture.shared.createTopic(fixture.from, 2, Map.of("message.timestamp.type", "LogAppendTime"));
    fixture.shared.sendMixed(fixture.from, 2, 60);
    MigrationContext context = fixture.context();

    replay(context);

    assertTenantsRecordsArrived(2);
    fixture.migration.finalizeTopics(context, UNMONITORED);
    assertThat(fixture.dedicated.ownSettings(fixture.to))
        .containsExactly(Map.entry("message.timestamp.type", "LogAppendTime"));
    assertTenantsRecordsArrived(2);
  }

  @Test
  void recordsAreToldByKeyPrefixByJsonFieldOrAllAreTheTenants() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(
        List.of(
            record(fixture.from, 0, "x", "acme:1", "{\"meta\":{\"tenant\":\"acme-key\"}}"),
            record(fixture.from, 0, "x", "acme", "{\"meta\":{\"tenant\":\"globex\"}}"),
            record(fixture.from, 0, "x", null, "{\"meta\":{\"tenant\":\"acme-key\"}}")));

    assertThat(recordsOf("a", new KafkaSpec.TenantSelector(null, "acme:", null, false), false))
        .isEqualTo(1);
    assertThat(
            recordsOf("b", new KafkaSpec.TenantSelector(null, null, "meta.tenant", false), false))
        .isEqualTo(2);
    assertThat(recordsOf("c", null, true)).isEqualTo(3);
  }

  private int recordsOf(String suffix, KafkaSpec.TenantSelector selector, boolean all) {
    String to = fixture.to + suffix;
    replay(fixture.context(new KafkaSpec.Topic(fixture.from, to, selector, all)));
    return fixture.dedicated.read(to, 0).size();
  }

  @Test
  void emptyTopicIsReplayedAndNotCompared() {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    MigrationContext context = fixture.context("reader");

    StoresSummary summary = replay(context);

    assertThat(summary.kafka())
        .isEqualTo(new StoresSummary.Kafka(List.of(new StoresSummary.Topic(fixture.to, 0)), 0));
    assertThat(compare(context).isNotApplicable()).isTrue();
  }
}
