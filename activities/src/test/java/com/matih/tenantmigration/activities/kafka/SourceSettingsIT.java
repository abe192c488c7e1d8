package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.MapAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Settings that were made on a shared topic after its records were written, and that would keep a
 * topic from taking them again.
 */
class SourceSettingsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  /** What the records below need of a topic that takes them. */
  private static final Map<String, String> GENEROUS =
      Map.of(
          "retention.ms", "-1",
          "max.message.bytes", "8000000",
          "message.timestamp.after.max.ms", "9000000000000");

  /** How many of them are the tenant's; compaction keeps at least one of a key. */
  private static final int RECORDS = 9;

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader");

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "max.message.bytes, 50",
    "segment.bytes, 1048576",
    "message.timestamp.type, LogAppendTime",
    "message.timestamp.before.max.ms, 1000",
    "message.timestamp.after.max.ms, 1000",
    "cleanup.policy, compact",
    "compression.type, uncompressed",
    "compression.type, gzip",
  })
  void recordsAreReplayedExactlyAndTheSettingIsMadeInTheEnd(String name, String value) {
    assertMadeInTheEnd(Map.of(name, value));
  }

  @Test
  void settingsOfSegmentsAndBrokersHoldNothingUp() {
    assertMadeInTheEnd(
        Map.of(
            "segment.ms", "1",
            "segment.index.bytes", "16",
            "index.interval.bytes", "0",
            "preallocate", "true",
            "flush.messages", "1",
            "delete.retention.ms", "0",
            "min.compaction.lag.ms", "9000000000000",
            "unclean.leader.election.enable", "true",
            "follower.replication.throttled.replicas", "*"));
  }

  private void assertMadeInTheEnd(Map<String, String> settings) {
    seed();
    settings.forEach((name, value) -> fixture.shared.set(fixture.from, name, value));

    assertMoves(RECORDS);

    Map<String, String> expected = new HashMap<>(fixture.shared.ownSettings(fixture.from));
    expected.keySet().removeIf(key -> key.endsWith("throttled.replicas"));
    assertSettingsSoon(made -> made.containsExactlyInAnyOrderEntriesOf(expected));
    assertRemovedSoon();
  }

  /** The broker hears of a topic's settings after the client that makes them. */
  private void assertSettingsSoon(Consumer<MapAssert<String, String>> assertion) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> assertion.accept(assertThat(fixture.dedicated.ownSettings(fixture.to))));
  }

  @ParameterizedTest
  @CsvSource({"retention.ms, 1000", "retention.bytes, 1000"})
  void whatTheSharedTopicStillRetainsIsReplayed(String name, String value) {
    seed();
    fixture.shared.set(fixture.from, name, value);

    assertMoves(0);

    assertSettingsSoon(made -> made.containsEntry(name, value));
    assertRemovedSoon();
  }

  @Test
  void aTopicThatAsksForMoreReplicasInSyncThanItHasGetsAsManyAsItHas() {
    seed();
    fixture.shared.set(fixture.from, "min.insync.replicas", "2");

    assertMoves(RECORDS);

    assertSettingsSoon(made -> made.containsEntry("min.insync.replicas", "1"));
    assertRemovedSoon();
  }

  @ParameterizedTest
  @CsvSource({
    "max.message.bytes, 50",
    "min.insync.replicas, 2",
    "segment.bytes, 1048576",
    "message.timestamp.type, LogAppendTime",
    "cleanup.policy, compact",
    "compression.type, uncompressed",
  })
  void anEmptyTopicThatExistedBeforeTakesThemToo(String name, String value) {
    seed();
    fixture.dedicated.createTopic(fixture.to, 1, Map.of(name, value));

    assertMoves(RECORDS);

    assertSettingsSoon(made -> made.containsExactlyEntriesOf(Map.of(name, value)));
    assertRemovedSoon();
  }

  /** Large, old, of the future, with and without a key. */
  private void seed() {
    fixture.shared.createTopic(fixture.from, 1, GENEROUS);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    byte[] large = new byte[2 * 1024 * 1024];
    new Random(1).nextBytes(large);
    long now = Instant.now().toEpochMilli();
    records.add(record(KafkaFixture.TENANT, now, TestCluster.bytes("large"), large));
    for (long timestamp : new long[] {0, now - 1_000_000_000_000L, now, now + 4_000_000_000L}) {
      for (String tenant : List.of(KafkaFixture.TENANT, "globex")) {
        for (byte[] key : new byte[][] {null, TestCluster.bytes("key of " + timestamp)}) {
          records.add(record(tenant, timestamp, key, TestCluster.bytes("small")));
        }
      }
    }
    fixture.shared.send(records);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 5);
  }

  private ProducerRecord<byte[], byte[]> record(
      String tenant, long timestamp, byte @Nullable [] key, byte[] value) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(fixture.from, 0, timestamp, key, value);
    made.headers().add("tenant-id", TestCluster.bytes(tenant));
    return made;
  }

  private void assertMoves(int records) {
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals()).isEmpty();
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    var unused = fixture.migration.replay(context, UNMONITORED);
    Finding finding =
        new RecordComparison(fixture.secrets, fixture.journal).compare(context, UNMONITORED);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(fixture.dedicated.read(fixture.to, 0)).hasSizeGreaterThanOrEqualTo(records);
    fixture.migration.finalizeTopics(context, UNMONITORED);
  }

  private void assertRemovedSoon() {
    long begun = System.nanoTime();
    RollbackStep step = fixture.migration.deleteTopics(context);
    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
  }
}
