package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.bytes;
import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.compare.KafkaSourceQuiet;
import com.matih.tenantmigration.activities.kafka.compare.KafkaTenantLeak;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks find what is planted, and name it. */
class RecordVerificationIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader");

  @BeforeEach
  void fillSharedTopic() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 30);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 13);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void migrate() {
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    var unused = fixture.migration.replay(context, UNMONITORED);
  }

  /** The dedicated topic as a faulty replay would have left it. */
  private void copyWith(Consumer<List<ProducerRecord<byte[], byte[]>>> fault) {
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.dedicated.createTopic(fixture.to, 1, Map.of());
    TenantFilter filter = TenantFilter.of(fixture.byHeader(), KafkaFixture.TENANT);
    List<ProducerRecord<byte[], byte[]>> copies = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> each : fixture.shared.read(fixture.from, 0)) {
      if (filter.isTenants(each)) {
        copies.add(copy(each, each.timestamp(), each.value()));
      }
    }
    fault.accept(copies);
    fixture.dedicated.send(copies);
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), fixture.to, 0, 5);
  }

  private ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> original, long timestamp, byte[] value) {
    return new ProducerRecord<>(
        fixture.to, 0, timestamp, original.key(), value, original.headers());
  }

  private ProducerRecord<byte[], byte[]> changed(
      ProducerRecord<byte[], byte[]> each, long timestamp, byte[] value) {
    return new ProducerRecord<>(fixture.to, 0, timestamp, each.key(), value, each.headers());
  }

  private CheckResult check() {
    return new RecordComparison(fixture.secrets, fixture.journal)
        .compare(context, UNMONITORED)
        .toResult(CheckName.RECORD_CONTENT);
  }

  private Finding quiet() {
    return new KafkaSourceQuiet(fixture.secrets, fixture.journal).findWrites(context, UNMONITORED);
  }

  private Finding leak() {
    return new KafkaTenantLeak(fixture.secrets).findForeign(context, UNMONITORED);
  }

  @Test
  void faithfulCopyPassesEverywhere() {
    migrate();

    assertThat(check())
        .isEqualTo(
            new CheckResult(CheckName.RECORD_CONTENT, CheckResult.Status.PASSED, 10, List.of()));
    assertThat(leak().toResult(CheckName.TENANT_LEAK).compared()).isEqualTo(10);
    assertThat(leak().mismatchCount()).isZero();
    assertThat(quiet().mismatchCount()).isZero();
    assertThat(quiet().comparedCount()).isEqualTo(2);
  }

  @Test
  void changedMissingExtraAndMovedRecordsAreNamed() {
    copyWith(
        copies -> {
          copies.set(1, changed(copies.get(1), copies.get(1).timestamp(), new byte[] {1}));
          copies.set(3, changed(copies.get(3), 42, copies.get(3).value()));
          copies.remove(6);
          copies.add(8, record(fixture.to, 0, KafkaFixture.TENANT, "k", "too many"));
        });

    assertThat(check().mismatches())
        .containsExactly(
            "%s-0 offset 3 → %s-0 offset 1: value differs".formatted(fixture.from, fixture.to),
            "%s-0 offset 9 → %s-0 offset 3: timestamp differs".formatted(fixture.from, fixture.to),
            "%s-0 offset 18 is missing in %s-0".formatted(fixture.from, fixture.to),
            "%s-0 offset 8 is not in %s-0".formatted(fixture.to, fixture.from));
  }

  @Test
  void lostTailAndLostTopicAreNamed() {
    copyWith(copies -> copies.remove(copies.size() - 1));
    assertThat(check().mismatches())
        .containsExactly("%s-0 offset 27 is missing in %s-0".formatted(fixture.from, fixture.to));

    fixture.dedicated.deleteTopic(fixture.to);

    assertThat(check().mismatches()).containsExactly("topic %s is missing".formatted(fixture.to));
  }

  @Test
  void headerThatWasLostIsNamed() {
    copyWith(
        copies ->
            copies.set(
                2,
                new ProducerRecord<>(
                    fixture.to,
                    0,
                    copies.get(2).timestamp(),
                    copies.get(2).key(),
                    copies.get(2).value())));

    assertThat(check().mismatches())
        .containsExactly(
            "%s-0 offset 6 → %s-0 offset 2: headers differs".formatted(fixture.from, fixture.to));
    assertThat(leak().namedMismatches())
        .containsExactly("%s-0 offset 2 is not the tenant's".formatted(fixture.to));
  }

  @Test
  void groupThatStandsElsewhereIsNamed() {
    migrate();
    String group = fixture.dedicatedGroup("reader");
    long right = fixture.dedicated.position(group, fixture.to, 0).orElseThrow();
    fixture.dedicated.commit(group, fixture.to, 0, right + 1);

    assertThat(check().mismatches())
        .containsExactly(
            "group %s at offset %d of %s-0 would read a different record next than group %s on the"
                    .formatted(group, right + 1, fixture.to, fixture.sharedGroup("reader"))
                + " shared side at offset 13");

    fixture.dedicated.commit(group, fixture.to, 0, 1000);

    assertThat(check().mismatches()).singleElement().asString().contains("which has only 0 to");
  }

  @Test
  void metadataOfAPositionMovesExactlyAndIsCompared() {
    String metadata = "meta\u0000 \uFFFD\u0001čas=1 \uD83D\uDC0C \"\\";
    fixture.shared.commit(
        fixture.sharedGroup("reader"), fixture.from, 0, new OffsetAndMetadata(13, metadata));
    migrate();
    String group = fixture.dedicatedGroup("reader");
    OffsetAndMetadata moved = fixture.dedicated.committed(group, fixture.to, 0).orElseThrow();

    assertThat(moved.metadata()).isEqualTo(metadata);
    assertThat(check().mismatches()).isEmpty();

    fixture.dedicated.commit(
        group,
        fixture.to,
        0,
        new OffsetAndMetadata(moved.offset(), metadata.replace('\u0000', '\uFFFD')));

    assertThat(check().mismatches())
        .containsExactly(
            "group %s has other metadata beside its position in %s-0 than group %s on the shared side"
                .formatted(group, fixture.to, fixture.sharedGroup("reader")));
  }

  @Test
  void neighboursRecordOnTheDedicatedTopicIsALeak() {
    migrate();
    fixture.dedicated.send(List.of(record(fixture.to, 0, "globex", "k", "v")));

    assertThat(leak().namedMismatches())
        .containsExactly(
            "%s-0 offset %d is not the tenant's"
                .formatted(fixture.to, fixture.dedicated.end(fixture.to, 0) - 1));
    assertThat(check().status()).isEqualTo(CheckResult.Status.FAILED);
  }

  @Test
  void valuesThatAreNoJsonObjectStayBehindAndTheLeakCheckAgrees() {
    String own = "{\"tenant\":\"%s\"".formatted(KafkaFixture.TENANT);
    String others = "{\"tenant\":\"globex\"}";
    List<String> moving =
        List.of(own + "}", own + "}\n", own + ",\"n\":NaN}", own + ",\"n\":\"cut");
    List<String> staying =
        List.of(
            own + "}\n" + others,
            others + "\n" + own + "}",
            own + " \"n\":1}",
            own + "...",
            others);
    String topic = "lines-" + fixture.id;
    fixture.shared.createTopic(topic, 1, Map.of());
    fixture.shared.send(
        Stream.concat(moving.stream(), staying.stream())
            .map(value -> new ProducerRecord<>(topic, 0, bytes("k"), bytes(value)))
            .toList());
    MigrationContext byField =
        fixture.context(
            new KafkaSpec.Topic(
                topic,
                fixture.to,
                new KafkaSpec.TenantSelector(null, null, "tenant", false),
                false));

    fixture.migration.provision(byField, UNMONITORED);
    fixture.migration.readPositions(byField, UNMONITORED);
    var unused = fixture.migration.replay(byField, UNMONITORED);

    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactlyElementsOf(moving);
    KafkaTenantLeak leak = new KafkaTenantLeak(fixture.secrets);
    assertThat(leak.findForeign(byField, UNMONITORED).namedMismatches()).isEmpty();

    fixture.dedicated.send(
        List.of(new ProducerRecord<>(fixture.to, 0, bytes("k"), bytes(staying.get(0)))));

    assertThat(leak.findForeign(byField, UNMONITORED).namedMismatches()).hasSize(1);
  }

  @Test
  void recordTooManyInACompactedTopicDoesNotPassForOneThatTheSourceRemoved() {
    MigrationContext whole =
        fixture.context(new KafkaSpec.Topic(fixture.from, fixture.to, null, true));
    fixture.shared.set(fixture.from, "cleanup.policy", "compact,delete");
    fixture.migration.provision(whole, UNMONITORED);
    fixture.migration.readPositions(whole, UNMONITORED);
    var unused = fixture.migration.replay(whole, UNMONITORED);
    fixture.shared.deleteRecordsBefore(fixture.from, 0, 10);
    RecordComparison check = new RecordComparison(fixture.secrets, fixture.journal);
    assertThat(check.compare(whole, UNMONITORED).namedMismatches()).isEmpty();

    fixture.dedicated.send(List.of(record(fixture.to, 0, "globex", "k", "v")));

    assertThat(check.compare(whole, UNMONITORED).namedMismatches())
        .containsExactly("%s-0 has 31 records, but the replay wrote 30".formatted(fixture.to));
  }

  @Test
  void recordsThatTheSourcesRetentionRemovesWhileTheyAreComparedAreNoDifference() {
    MigrationContext whole =
        fixture.context(new KafkaSpec.Topic(fixture.from, fixture.to, null, true));
    fixture.migration.provision(whole, UNMONITORED);
    fixture.migration.readPositions(whole, UNMONITORED);
    var unused = fixture.migration.replay(whole, UNMONITORED);
    AtomicInteger looks = new AtomicInteger();
    ProgressMonitor removing =
        new ProgressMonitor.Forwarding(UNMONITORED) {
          @Override
          public void throwIfCancelled() {
            fixture.shared.deleteRecordsBefore(
                fixture.from, 0, Math.min(25, looks.incrementAndGet()));
          }
        };

    Finding finding =
        new RecordComparison(fixture.secrets, fixture.journal).compare(whole, removing);

    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isPositive();
    assertThat(looks).hasPositiveValue();
  }

  @Test
  void topicThatIsTheTenantsWholeHasNothingToLeak() {
    MigrationContext whole =
        fixture.context(new KafkaSpec.Topic(fixture.from, fixture.to, null, true));
    fixture.migration.provision(whole, UNMONITORED);

    Finding finding = new KafkaTenantLeak(fixture.secrets).findForeign(whole, UNMONITORED);

    assertThat(finding.isNotApplicable()).isTrue();
  }

  @Test
  void lateRecordOfTheTenantIsNotQuietButANeighboursIs() {
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.shared.send(List.of(record(fixture.from, 0, "globex", "k", "v")));
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 15);
    assertThat(quiet().namedMismatches()).isEmpty();

    fixture.shared.send(List.of(record(fixture.from, 0, KafkaFixture.TENANT, "k", "late")));

    assertThat(quiet().namedMismatches())
        .containsExactly(
            "%s-0 offset 31 was written for the tenant after the fence".formatted(fixture.from));
  }

  @Test
  void groupThatWentOnOverTheTenantsRecordsIsNotQuiet() {
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 16);

    assertThat(quiet().namedMismatches())
        .containsExactly(
            "group %s moved from 13 to 16 of %s-0 after the fence, past a record of the tenant at 15"
                .formatted(fixture.sharedGroup("reader"), fixture.from));
  }
}
