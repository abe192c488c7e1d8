package com.matih.tenantmigration.activities.kafka.plan;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.KafkaFixture;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicPlanIT {

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private PlanFindings plan(KafkaSpec kafka) {
    return fixture.migration.plan(fixture.context(kafka), ProgressMonitor.unmonitored());
  }

  private KafkaSpec spec(List<KafkaSpec.Topic> topics, String... groups) {
    return new KafkaSpec(
        cluster(TestServers.kafka().bootstrapServers()),
        cluster(TestServers.dedicatedKafka().bootstrapServers()),
        topics,
        List.of(groups).stream().map(fixture::group).toList());
  }

  private static KafkaSpec.Cluster cluster(String bootstrapServers) {
    return new KafkaSpec.Cluster(bootstrapServers, Map.of());
  }

  @Test
  void whatCanMoveIsCountedAndNothingIsCreated() {
    fixture.shared.createTopic(fixture.from, 2, Map.of("retention.ms", "86400000"));
    fixture.shared.sendMixed(fixture.from, 2, 20);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 3);

    PlanFindings findings = plan(spec(List.of(fixture.byHeader()), "reader"));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
    assertThat(findings.stores())
        .isEqualTo(
            StoresSummary.of(
                new StoresSummary.Kafka(List.of(new StoresSummary.Topic(fixture.to, 20)), 1)));
    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
  }

  @Test
  void moreRecordsTakeLongerToReplay() {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    fixture.shared.sendMixed(fixture.from, 2, 20);
    StoreEstimate small = estimate();
    fixture.shared.sendMixed(fixture.from, 2, 20_000);
    StoreEstimate large = estimate();

    assertThat(small.copySeconds()).isEqualTo(2);
    assertThat(large.copySeconds()).isGreaterThan(small.copySeconds());
    assertThat(large.drainSeconds()).isPositive();
  }

  private StoreEstimate estimate() {
    PlanFindings findings = plan(spec(List.of(fixture.byHeader())));
    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.estimates()).singleElement().extracting("unknown").isNull();
    return findings.estimates().get(0);
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    String full = "full-" + fixture.id;
    String narrow = "narrow-" + fixture.id;
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    fixture.shared.sendMixed(fixture.from, 2, 3);
    fixture.dedicated.createTopic(full, 2, Map.of());
    fixture.dedicated.send(List.of(record(full, 0, "globex", "k", "v")));
    fixture.dedicated.createTopic(narrow, 1, Map.of());
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), narrow, 0, 0);

    PlanFindings findings =
        plan(
            spec(
                List.of(
                    topic("absent-" + fixture.id, "a", "tenant-id", null),
                    topic(fixture.from, full, "tenant-id", null),
                    topic(fixture.from, narrow, "tenant-id", null),
                    topic(fixture.from, narrow, "tenant-id", "acme:"),
                    topic(fixture.from, "not a topic's name", "tenant-id", null)),
                "reader"));

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            fixture.from,
            narrow,
            "absent-" + fixture.id,
            full,
            narrow,
            narrow,
            "not a topic's name",
            fixture.dedicatedGroup("reader"),
            fixture.dedicatedGroup("reader"));
    assertThat(findings.warnings())
        .extracting(Warning::object)
        .containsExactly(fixture.sharedGroup("reader"));
  }

  @Test
  void positionsInTopicsThatTheRequestDoesNotNameAreLeftBehind() {
    String group = fixture.sharedGroup("reader");
    String absent = "absent-" + fixture.id;
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 3);
    fixture.shared.commit(group, fixture.from, 0, 2);
    assertThat(plan(spec(List.of(fixture.byHeader()), "reader")).leftBehind()).isEmpty();

    fixture.shared.createTopic("others-" + fixture.id, 2, Map.of());
    fixture.shared.createTopic("another-" + fixture.id, 1, Map.of());
    fixture.shared.commit(group, "others-" + fixture.id, 0, 0);
    fixture.shared.commit(group, "others-" + fixture.id, 1, 0);
    fixture.shared.commit(group, "another-" + fixture.id, 0, 0);

    PlanFindings findings =
        plan(
            spec(
                List.of(fixture.byHeader(), topic(absent, "a-" + fixture.id, "t", null)),
                "reader"));

    assertThat(findings.refusals()).extracting(Refusal::object).containsExactly(absent);
    assertThat(findings.leftBehind())
        .extracting(LeftBehind::object, LeftBehind::count, LeftBehind::reason)
        .containsExactly(
            tuple(
                group,
                3L,
                "The group also has 3 positions in topics that the request does not name: another-%1$s, others-%1$s."
                    .formatted(fixture.id)));
  }

  private static KafkaSpec.Topic topic(String from, String to, String header, String keyPrefix) {
    return new KafkaSpec.Topic(from, to, new TenantSelector(header, keyPrefix, null, false), false);
  }

  @Test
  void oddTopicsAndLateGroupsAreWarnedOf() {
    fixture.shared.createTopic(
        fixture.from,
        1,
        Map.of("cleanup.policy", "compact,delete", "message.timestamp.type", "LogAppendTime"));
    fixture.shared.sendMixed(fixture.from, 1, 20);
    fixture.shared.commit(fixture.sharedGroup("late"), fixture.from, 0, 3);
    fixture.shared.deleteRecordsBefore(fixture.from, 0, 10);
    fixture.dedicated.createTopic(fixture.to, 1, Map.of());
    KafkaSpec.Topic byField =
        new KafkaSpec.Topic(
            fixture.from, fixture.to, new TenantSelector(null, null, "tenant", false), false);

    PlanFindings findings = plan(spec(List.of(byField), "late"));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings())
        .extracting(Warning::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("LogAppendTime"),
            message -> assertThat(message).contains("Tombstones"),
            message -> assertThat(message).contains("exists and is empty"),
            message -> assertThat(message).contains("holds no record of the tenant 'acme-key'"),
            message -> assertThat(message).contains("is at offset 3"));
  }

  @Test
  void tombstonesThatAreRemovedSoonAreWarnedOf() {
    fixture.shared.createTopic(
        fixture.from, 1, Map.of("cleanup.policy", "compact", "delete.retention.ms", "60000"));
    fixture.shared.sendMixed(fixture.from, 1, 20);

    assertThat(plan(spec(List.of(fixture.byHeader()))).warnings())
        .extracting(Warning::message)
        .singleElement()
        .asString()
        .contains("keeps tombstones for only 60000 ms (delete.retention.ms)", "Set it to more");
  }

  @Test
  void batchesThatAreTooLargeForAReplayAreWarnedOf() {
    fixture.shared.createTopic(fixture.from, 1, Map.of("max.message.bytes", "80000000"));
    fixture.shared.sendMixed(fixture.from, 1, 20);

    assertThat(plan(spec(List.of(fixture.byHeader()))).warnings())
        .extracting(Warning::message)
        .singleElement()
        .asString()
        .contains("batches of up to 80000000 bytes (max.message.bytes)", "more than 67,108,864");
  }

  @Test
  void topicThatHoldsNobodysRecordsButTheNeighboursIsWarnedOf() {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    fixture.shared.sendMixed(fixture.from, 2, 20);
    KafkaSpec.Topic otherHeader =
        new KafkaSpec.Topic(
            fixture.from, fixture.to, new TenantSelector("tenant", null, null, false), false);
    KafkaSpec.Topic all = new KafkaSpec.Topic(fixture.from, fixture.to, null, true);

    assertThat(plan(spec(List.of(otherHeader))).warnings())
        .containsExactly(
            new Warning(
                "kafka",
                fixture.from,
                "The topic holds no record of the tenant 'acme-key'. Check tenantKey and"
                    + " the selector of the tenant's records."));
    assertThat(plan(spec(List.of(fixture.byHeader()))).warnings()).isEmpty();
    assertThat(plan(spec(List.of(all))).warnings()).isEmpty();
  }

  @Test
  void recordsWithAnotherSpellingOfTheKeyAreRefused() {
    String key = fixture.context().request().tenantKey();
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(
        List.of(record(fixture.from, 0, key.toUpperCase(java.util.Locale.ROOT), "k", "v")));

    assertThat(plan(spec(List.of(fixture.byHeader()))).refusals())
        .extracting(Refusal::object, Refusal::reason)
        .containsExactly(
            tuple(
                fixture.from,
                "The topic has 1 record with the tenant key '%s' in another spelling, which would not move, among the 1 that were read."
                    .formatted(key)));
  }

  @Test
  void shareGroupsTakeNoPositions() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 3);
    fixture.shared.commit(fixture.sharedGroup("taken"), fixture.from, 0, 1);
    fixture.dedicated.join(fixture.dedicatedGroup("taken"));
    fixture.shared.join(fixture.sharedGroup("sharing"));

    PlanFindings findings =
        fixture.migration.plan(fixture.context("taken", "sharing"), ProgressMonitor.unmonitored());

    assertThat(findings.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(fixture.dedicatedGroup("taken"));
              assertThat(refusal.reason()).contains("share group");
            });
    assertThat(findings.leftBehind())
        .extracting(LeftBehind::object)
        .containsExactly(fixture.sharedGroup("sharing"));
  }

  @Test
  void planThatIsAskedToStopIsNoRefusal() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.send(List.of(record(fixture.from, 0, "globex", "k", "v")));

    assertThatThrownBy(
            () -> fixture.migration.plan(fixture.context(), new StoppedAtTheSecondLook()))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
  }

  /** Says that the work must stop when it is asked for the second time, amid a topic. */
  private static final class StoppedAtTheSecondLook implements ProgressMonitor {

    private final AtomicInteger looks = new AtomicInteger();

    @Override
    public void update(Progress progress) {}

    @Override
    public boolean isCancelled() {
      return looks.get() > 1;
    }

    @Override
    public void throwIfCancelled() {
      if (looks.incrementAndGet() > 1) {
        throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }

  @Test
  void bothClustersThatAreNotReachedAreNamed() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    KafkaSpec.Cluster nobody =
        new KafkaSpec.Cluster(
            "127.0.0.1:" + closed,
            Map.of("default.api.timeout.ms", "1500", "request.timeout.ms", "1000"));

    PlanFindings findings =
        plan(new KafkaSpec(nobody, nobody, List.of(fixture.byHeader()), List.of()));

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactly("kafka.source", "kafka.target");
    assertThat(findings.stores().kafka()).as("numbers that nobody knows").isNull();
    assertThat(findings.refusals().get(0).reason())
        .startsWith("The shared Kafka cluster at 127.0.0.1:" + closed)
        .contains("refuses connections")
        .endsWith(".");
    assertThat(findings.refusals().get(0).remedy()).startsWith("Check bootstrapServers");
  }

  @Test
  void secretInARefusedPropertyIsNotRepeated() {
    KafkaSpec.Cluster broken =
        new KafkaSpec.Cluster(
            "127.0.0.1:1",
            Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "NotAModule required password=\"hunter2\""));

    PlanFindings findings =
        plan(new KafkaSpec(broken, broken, List.of(fixture.byHeader()), List.of()));

    assertThat(findings.refusals()).hasSize(2);
    assertThat(findings.toString()).doesNotContain("hunter2");
  }
}
