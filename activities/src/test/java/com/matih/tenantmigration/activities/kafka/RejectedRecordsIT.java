package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
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
    MigrationContext context = fixture.context();
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
}
