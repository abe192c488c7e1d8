package com.matih.tenantmigration.activities.kafka.plan;

import static com.matih.tenantmigration.activities.kafka.TestCluster.bytes;
import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.KafkaFixture;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plan says about the records of a shared topic. */
class RecordPlanIT {

  private static final String KEY = "acme-key";

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private PlanFindings plan(KafkaSpec.Topic topic) {
    return fixture.migration.plan(fixture.context(topic), ProgressMonitor.unmonitored());
  }

  private KafkaSpec.Topic topic(TenantSelector selector, KafkaSpec.@Nullable Unmarked unmarked) {
    return new KafkaSpec.Topic(fixture.from, fixture.to, selector, false, unmarked);
  }

  private ProducerRecord<byte[], byte[]> withHeader(String name, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(fixture.from, 0, null, bytes("k"), bytes("v"));
    made.headers().add(name, value);
    return made;
  }

  /** Offsets 0 to 8: the tenant's are 4 and 8. */
  private void sendUnmarked() {
    ProducerRecord<byte[], byte[]> last = withHeader("tenant-id", bytes("globex"));
    last.headers().add("tenant-id", bytes(KEY));
    ProducerRecord<byte[], byte[]> first = withHeader("tenant-id", bytes(KEY));
    first.headers().add("tenant-id", bytes("globex"));
    fixture.shared.send(
        List.of(
            new ProducerRecord<>(fixture.from, 0, null, bytes("k"), bytes("v")),
            withHeader("tenant-id", null),
            withHeader("tenant-id", bytes("")),
            withHeader("Tenant-Id", bytes(KEY)),
            last,
            first,
            withHeader("tenant-id", bytes("\"" + KEY + "\"")),
            withHeader("tenant-id", bytes("globex")),
            withHeader("tenant-id", bytes(KEY))));
  }

  @Test
  void recordsThatDoNotSayWhoseTheyAreAreCountedAndLeftBehind() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    sendUnmarked();

    PlanFindings findings = plan(fixture.byHeader());

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
    assertThat(findings.leftBehind()).extracting(LeftBehind::object).containsOnly(fixture.from);
    assertThat(findings.leftBehind()).extracting(LeftBehind::count).containsExactly(4L, 1L, 1L);
    assertThat(findings.leftBehind())
        .extracting(LeftBehind::reason)
        .containsExactly(
            "4 records without the header 'tenant-id', or without a value in it (first"
                + " at offsets 0 in partition 0, 1 in partition 0, 2 in partition 0, 3 in partition"
                + " 0).",
            "1 record with the mark of the tenant 'acme-key' and another mark (at offset 5 in partition 0).",
            "1 record with something else than a tenant's key as the mark (at offset 6 in partition"
                + " 0).");
  }

  @Test
  void recordsThatDoNotSayWhoseTheyAreAreRefusedWhereTheRequestSaysSo() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    sendUnmarked();

    PlanFindings findings =
        plan(topic(new TenantSelector("tenant-id", null, null, false), KafkaSpec.Unmarked.REFUSE));

    assertThat(findings.leftBehind()).isEmpty();
    assertThat(findings.refusals()).extracting(Refusal::object).containsOnly(fixture.from);
    assertThat(findings.refusals())
        .extracting(Refusal::reason)
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("The topic has 4 records without the header"),
            reason -> assertThat(reason).contains("and another mark"),
            reason -> assertThat(reason).contains("something else"));
  }

  @Test
  void valuesThatAreNoJsonOrHaveNoFieldAreCounted() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String value :
        new String[] {
          "{\"tenant\":\"acme-key\"}", "{\"other\":1}", null, "no JSON", "{\"tenant\":[1]}"
        }) {
      records.add(new ProducerRecord<>(fixture.from, 0, null, bytes("k"), bytes(value)));
    }
    fixture.shared.send(records);

    PlanFindings findings = plan(topic(new TenantSelector(null, null, "tenant", false), null));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.leftBehind())
        .extracting(LeftBehind::reason)
        .satisfiesExactly(
            reason ->
                assertThat(reason)
                    .startsWith("2 records without the field 'tenant'")
                    .contains("1 in partition 0, 2 in partition 0"),
            reason ->
                assertThat(reason)
                    .startsWith("2 records without a single well-formed JSON object as value")
                    .contains("3 in partition 0, 4 in partition 0"));
  }

  @Test
  void valuesOfSeveralDocumentsOrWithAMistakeAreCountedAsNoJsonObject() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(
        Stream.of(
                "{\"tenant\":\"acme-key\"}\n",
                "{\"tenant\":\"acme-key\"}\n{\"tenant\":\"globex\"}\n",
                "{\"tenant\":\"globex\"}\n{\"tenant\":\"acme-key\"}\n",
                "{\"tenant\":\"acme-key\" \"n\":1}")
            .map(value -> new ProducerRecord<>(fixture.from, 0, bytes("k"), bytes(value)))
            .toList());

    PlanFindings findings = plan(topic(new TenantSelector(null, null, "tenant", false), null));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
    assertThat(findings.leftBehind())
        .singleElement()
        .extracting(LeftBehind::reason)
        .asString()
        .startsWith("3 records without a single well-formed JSON object as value")
        .contains("1 in partition 0, 2 in partition 0, 3 in partition 0");
  }

  private ProducerRecord<byte[], byte[]> ofSchema(int number) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            fixture.from,
            0,
            null,
            bytes("k"),
            new byte[] {0, 0, 0, 0, (byte) number, 2, 'a', 'b', 'c'});
    made.headers().add("tenant-id", bytes(KEY));
    return made;
  }

  @Test
  void schemasThatRecordsNameByNumberAreWarnedOf() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(
        List.of(ofSchema(42), record(fixture.from, 0, KEY, "k", "plain"), ofSchema(43)));

    PlanFindings findings = plan(fixture.byHeader());

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings())
        .singleElement()
        .extracting(Warning::message)
        .asString()
        .startsWith("The topic has 2 records of the tenant with the number of a registry's schema")
        .contains("such as 42, 43")
        .contains("0 in partition 0, 2 in partition 0");
  }

  @Test
  void topicWhoseValuesAreAllOfSchemasIsRefusedWhereJsonIsExpected() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(List.of(ofSchema(42), ofSchema(43)));

    assertThat(plan(topic(new TenantSelector(null, null, "tenant", false), null)).refusals())
        .singleElement()
        .extracting(Refusal::reason)
        .asString()
        .startsWith("No value of the topic is JSON, so none has the field 'tenant'")
        .contains("42, 43");
  }

  @Test
  void recordsThatOnlyTheirNeighboursKeepAreWarnedOf() {
    fixture.shared.createTopic(fixture.from, 1, Map.of("retention.ms", "86400000"));
    ProducerRecord<byte[], byte[]> old =
        new ProducerRecord<>(
            fixture.from,
            0,
            System.currentTimeMillis() - 2 * 86_400_000L,
            bytes("k"),
            bytes("old"));
    old.headers().add("tenant-id", bytes(KEY));
    fixture.shared.send(List.of(old, record(fixture.from, 0, "globex", "k", "new")));

    assertThat(plan(fixture.byHeader()).warnings())
        .singleElement()
        .extracting(Warning::message)
        .asString()
        .startsWith("The topic has 1 record of the tenant past the dedicated topic's retention.ms")
        .contains("at offset 0 in partition 0");
  }

  @Test
  void recordsWithoutAKeyAreWarnedOfWhereTheDedicatedTopicIsCompacted() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.dedicated.createTopic(fixture.to, 1, Map.of("cleanup.policy", "compact"));
    // a broker hears of it a moment later
    Awaitility.await().until(() -> fixture.dedicated.hasTopic(fixture.to));
    fixture.shared.send(
        List.of(
            record(fixture.from, 0, KEY, null, "v"), record(fixture.from, 0, "globex", null, "v")));

    assertThat(plan(fixture.byHeader()).warnings())
        .extracting(Warning::message)
        .satisfiesExactly(
            message ->
                assertThat(message)
                    .contains("keeps its own settings")
                    .contains("cleanup.policy=compact (shared: delete)"),
            message -> assertThat(message).contains("1 record without a key"));
  }

  @Test
  void keysThatBeginInAnotherSpellingAreRefused() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(
        List.of(
            new ProducerRecord<>(fixture.from, 0, null, bytes("acme:1"), bytes("v")),
            new ProducerRecord<>(fixture.from, 0, null, bytes("ACME:2"), bytes("v")),
            new ProducerRecord<>(fixture.from, 0, null, bytes("\"acme:3\""), bytes("v")),
            new ProducerRecord<>(fixture.from, 0, null, bytes("globex:4"), bytes("v"))));

    assertThat(plan(topic(new TenantSelector(null, "acme:", null, false), null)).refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "The topic has 2 records with the beginning 'acme:' of the keys in another spelling, which would not move, among the 4 that were read.");
  }

  @Test
  void tombstonesThatNobodyMarkedAreWarnedOfWhereTheTopicIsCompacted() {
    fixture.shared.createTopic(fixture.from, 1, Map.of("cleanup.policy", "compact"));
    ProducerRecord<byte[], byte[]> marked = withHeader("tenant-id", bytes(KEY));
    ProducerRecord<byte[], byte[]> tombstone =
        new ProducerRecord<>(fixture.from, 0, null, bytes("k"), (byte[]) null);
    fixture.shared.send(List.of(marked, tombstone));

    assertThat(plan(fixture.byHeader()).warnings())
        .extracting(Warning::message)
        .singleElement()
        .satisfies(
            message ->
                assertThat(message)
                    .startsWith("The topic is compacted and has 1 tombstone that")
                    .contains("(at offset 1 in partition 0)"));
  }

  @Test
  void namesThatKafkaTakesForTheSameAreRefused() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    KafkaSpec one = fixture.context(fixture.byHeader()).spec(KafkaSpec.class);
    KafkaSpec.Topic dotted = new KafkaSpec.Topic(fixture.from, "a.b-" + fixture.id, null, true);
    KafkaSpec.Topic underscored =
        new KafkaSpec.Topic(fixture.from, "a_b-" + fixture.id, null, true);

    PlanFindings findings =
        fixture.migration.plan(
            fixture.context(
                new KafkaSpec(one.source(), one.target(), List.of(dotted, underscored), List.of())),
            ProgressMonitor.unmonitored());

    assertThat(findings.refusals())
        .singleElement()
        .extracting(Refusal::object, Refusal::reason)
        .containsExactly(
            underscored.to(),
            "Kafka creates no topic of this name beside %s: it takes a dot and an underscore for the same."
                .formatted(dotted.to()));
  }
}
