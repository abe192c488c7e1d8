package com.matih.tenantmigration.activities.kafka.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.KafkaFixture;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A dedicated cluster that cannot do what a replay needs is refused, not found out in the copy. */
class TransactionPlanIT {

  @Test
  void aClusterThatProcessesNoTransactionsIsRefused() {
    try (ServerFolder folder = ServerFolder.temporary("transaction-plan-it-");
        KafkaServer lonely =
            KafkaServer.start(
                folder, "lonely-kafka", Map.of("transaction.state.log.replication.factor", "3"));
        KafkaFixture fixture = new KafkaFixture()) {
      fixture.shared.createTopic(fixture.from, 1, Map.of());
      fixture.shared.sendMixed(fixture.from, 1, 3);
      KafkaSpec spec =
          new KafkaSpec(
              new KafkaSpec.Cluster(TestServers.kafka().bootstrapServers(), Map.of()),
              new KafkaSpec.Cluster(
                  lonely.bootstrapServers(),
                  Map.of("request.timeout.ms", "4000", "default.api.timeout.ms", "5000")),
              List.of(fixture.byHeader()),
              List.of());

      assertThat(
              fixture
                  .migration
                  .plan(fixture.context(spec), ProgressMonitor.unmonitored())
                  .refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.object()).isEqualTo("kafka.target");
                assertThat(refusal.reason()).contains("process no transactions");
                assertThat(refusal.remedy()).contains("transaction.state.log.replication.factor");
              });
    }
  }
}
