package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A broker that has a quota for what each client reads or writes. */
@Execution(ExecutionMode.CONCURRENT)
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
      limit(cluster, "consumer_byte_rate", 200_000);
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

  /** What a writer could not send within 30 s was given up, and the next attempt met the same. */
  @Test
  void aWriterThatIsHeldBackSendsLessAtATime() {
    try (ServerFolder folder = ServerFolder.temporary("fetch-quota-it-");
        KafkaServer server = KafkaServer.start(folder, "limited-writers");
        TestCluster cluster = new TestCluster(server.bootstrapServers());
        KafkaFixture fixture = new KafkaFixture()) {
      limit(cluster, "producer_byte_rate", 150_000);
      fixture.shared.createTopic(fixture.from, 1, Map.of());
      Random random = new Random(1);
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        byte[] value = new byte[10_000];
        random.nextBytes(value);
        records.add(new ProducerRecord<>(fixture.from, 0, null, value));
      }
      fixture.shared.send(records);
      MigrationContext context =
          fixture.context(
              new KafkaSpec(
                  new KafkaSpec.Cluster(fixture.shared.bootstrapServers(), Map.of()),
                  new KafkaSpec.Cluster(server.bootstrapServers(), Map.of()),
                  List.of(new KafkaSpec.Topic(fixture.from, fixture.to, null, true)),
                  List.of()));
      fixture.migration.provision(context, ProgressMonitor.unmonitored());
      fixture.migration.readPositions(context, ProgressMonitor.unmonitored());

      var unused = fixture.migration.replay(context, ProgressMonitor.unmonitored());

      assertThat(
              new RecordComparison(fixture.secrets, fixture.journal)
                  .compare(context, ProgressMonitor.unmonitored())
                  .namedMismatches())
          .isEmpty();
      assertThat(cluster.read(fixture.to, 0)).hasSize(records.size());
    }
  }

  private static void limit(TestCluster cluster, String quota, double bytesPerSecond) {
    ClientQuotaEntity everybody =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
    TestCluster.await(
        cluster
            .admin
            .alterClientQuotas(
                List.of(
                    new ClientQuotaAlteration(
                        everybody, List.of(new ClientQuotaAlteration.Op(quota, bytesPerSecond)))))
            .all());
  }
}
