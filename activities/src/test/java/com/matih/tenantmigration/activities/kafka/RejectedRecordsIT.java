package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the dedicated brokers refuse for good ends the replay at once, with the record's offset. */
class RejectedRecordsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRecordThatTheTopicFindsTooLargeIsNamed() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    ProducerRecord<byte[], byte[]> large =
        new ProducerRecord<>(fixture.from, 0, null, new byte[200_000]);
    large.headers().add("tenant-id", TestCluster.bytes(KafkaFixture.TENANT));
    fixture.shared.send(List.of(large));
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    try (KafkaCluster target = fixture.target(context)) {
      TopicFacts provisioned = target.topics().require(fixture.to);
      Map<String, String> settings = new HashMap<>(provisioned.ownSettings());
      settings.put("max.message.bytes", "100");
      target.topics().configure(provisioned, settings);
    }

    MigrationException failure =
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.replay(context, UNMONITORED));

    assertThat(failure.type()).isEqualTo(FailureType.NOT_MOVABLE);
    assertThat(failure)
        .hasMessageContaining(fixture.to + "-0")
        .hasMessageContaining("such as that of " + fixture.from + "-0 at offset 0");
  }

  @Test
  void aTopicThatTakesNotEvenTheMarkerOfATransactionIsDeletedInSeconds() {
    failAtATopicThatTakesNothing();

    assertThat(removedSoon().message()).contains("topic %s deleted".formatted(fixture.to));

    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
  }

  @Test
  void oneThatExistedBeforeIsGivenBackInSecondsAndCanBeWrittenAndRead() {
    fixture.dedicated.createTopic(fixture.to, 1, Map.of());
    failAtATopicThatTakesNothing();

    assertThat(removedSoon().message()).contains("which existed before, emptied");

    assertThat(fixture.dedicated.ownSettings(fixture.to)).isEmpty();
    fixture.dedicated.send(List.of(TestCluster.record(fixture.to, 0, "somebody", "k", "v")));
    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("v");
  }

  /** What an abort writes does not fit either. */
  private void failAtATopicThatTakesNothing() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 30);
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.dedicated.set(fixture.to, "max.message.bytes", "50");
    assertThatThrownBy(() -> fixture.migration.replay(context, UNMONITORED))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.NOT_MOVABLE);
  }

  private RollbackStep removedSoon() {
    long begun = System.nanoTime();
    RollbackStep step = fixture.migration.deleteTopics(context);
    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    return step;
  }
}
