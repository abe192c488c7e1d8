package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;

/** A broker that has a quota for what each client reads. */
class FetchQuotaIT {

  private static final int RECORDS = 300;
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);

  @Test
  void aReaderThatIsHeldBackForLongerThanItsPatienceGoesOn() {
    try (ServerFolder folder = ServerFolder.temporary("fetch-quota-it-");
        KafkaServer server = KafkaServer.start(folder, "limited");
        TestCluster cluster = new TestCluster(server.bootstrapServers());
        KafkaFixture fixture = new KafkaFixture()) {
      cluster.createTopic("events", 1, Map.of());
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        records.add(new ProducerRecord<>("events", 0, null, new byte[10_000]));
      }
      cluster.send(records);
      limit(cluster, 200_000);
      KafkaSpec.Cluster limited = new KafkaSpec.Cluster(server.bootstrapServers(), Map.of());
      MigrationContext context =
          fixture.context(new KafkaSpec(limited, limited, List.of(), List.of()));

      int read = 0;
      long longest = 0;
      try (KafkaCluster source =
              new KafkaClients(fixture.secrets).source(context, ProgressMonitor.unmonitored());
          PartitionReader reader =
              new PartitionReader(
                  source, new TopicPartition("events", 0), 0, RECORDS, SHORT_PATIENCE)) {
        long movedAt = System.nanoTime();
        while (!reader.isFinished()) {
          int some = reader.poll().size();
          if (some > 0) {
            longest = Math.max(longest, System.nanoTime() - movedAt);
            movedAt = System.nanoTime();
          }
          read += some;
        }
      }

      assertThat(read).isEqualTo(RECORDS);
      assertThat(Duration.ofNanos(longest)).isGreaterThan(SHORT_PATIENCE);
    }
  }

  private static void limit(TestCluster cluster, double bytesPerSecond) {
    ClientQuotaEntity everybody =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
    TestCluster.await(
        cluster
            .admin
            .alterClientQuotas(
                List.of(
                    new ClientQuotaAlteration(
                        everybody,
                        List.of(
                            new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)))))
            .all());
  }
}
