package com.matih.tenantmigration.activities.kafka.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.KafkaFixture;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A dedicated cluster that cannot do what a replay needs is refused, not found out in the copy. */
class TransactionPlanIT {

  private static ServerFolder folder;
  private static KafkaServer lonely;

  private final KafkaFixture fixture = new KafkaFixture();

  @BeforeAll
  static void start() {
    folder = ServerFolder.temporary("transaction-plan-it-");
    lonely =
        KafkaServer.start(
            folder,
            "lonely-kafka",
            Map.of(
                "transaction.state.log.replication.factor", "3",
                "offset.metadata.max.bytes", "10"));
  }

  @AfterAll
  static void stop() {
    lonely.close();
    folder.close();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<Refusal> refusals(KafkaSpec.ConsumerGroup... groups) {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 3);
    for (KafkaSpec.ConsumerGroup group : groups) {
      fixture.shared.commit(group.from(), fixture.from, 0, new OffsetAndMetadata(1, "eleven long"));
    }
    KafkaSpec spec =
        new KafkaSpec(
            new KafkaSpec.Cluster(TestServers.kafka().bootstrapServers(), Map.of()),
            new KafkaSpec.Cluster(
                lonely.bootstrapServers(),
                Map.of("request.timeout.ms", "4000", "default.api.timeout.ms", "5000")),
            List.of(fixture.byHeader()),
            List.of(groups));
    return fixture.migration.plan(fixture.context(spec), ProgressMonitor.unmonitored()).refusals();
  }

  @Test
  void aClusterThatProcessesNoTransactionsIsRefused() {
    assertThat(refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("kafka.target");
              assertThat(refusal.reason()).contains("process no transactions");
              assertThat(refusal.remedy()).contains("transaction.state.log.replication.factor");
            });
  }

  @Test
  void aClusterThatTakesLessMetadataThanAGroupsPositionsHaveIsRefused() {
    assertThat(refusals(fixture.group("indexer")))
        .filteredOn(refusal -> refusal.object().equals(fixture.dedicatedGroup("indexer")))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.reason())
                  .contains("metadata of up to 11 characters", "no more than 10");
              assertThat(refusal.remedy()).contains("Raise it in the settings");
            });
  }
}
