package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.SilentServer;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Work that waits for a broker's answer while an operator wants it to stop. A client of ours waits
 * for one answer up to 15 s, and for what it asked up to 30 s.
 */
class BlockedKafkaTest {

  private static final TopicPartition PARTITION = new TopicPartition("events", 0);

  private final CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
  private SilentServer broker;
  private KafkaCluster cluster;

  @BeforeEach
  void open() throws IOException {
    broker = new SilentServer();
    cluster =
        new KafkaCluster(
            "The cluster",
            new KafkaSpec.Cluster(broker.address(), Map.of()),
            TestSecrets.of(name -> null),
            "0123456789ab",
            monitor);
  }

  @AfterEach
  void close() throws IOException {
    cluster.close();
    broker.close();
  }

  @Test
  void aCancelEndsAWriterThatWaitsForItsTurn() {
    Function<ProgressMonitor, Integer> open =
        shared -> {
          try (ReplayWriter writer = new ReplayWriter(cluster, PARTITION, "id", "none", Map.of())) {
            return writer.hashCode();
          }
        };

    assertCancelEnds("writer", () -> WorkerPool.callAll("partition", monitor, List.of(open)));
  }

  @Test
  void aCancelEndsAReaderThatWaitsForTheOffsets() {
    Function<ProgressMonitor, Integer> read =
        shared -> {
          try (PartitionReader reader = new PartitionReader(cluster, PARTITION, 0, 10)) {
            while (!reader.isFinished()) {
              shared.throwIfCancelled();
              var unused = reader.poll();
            }
            return 0;
          }
        };

    assertCancelEnds("reader", () -> WorkerPool.callAll("partition", monitor, List.of(read)));
  }

  @Test
  void aCancelEndsAStepThatWaitsForTheAdministration() {
    assertCancelEnds("admin", () -> cluster.topics().brokers());
  }

  /** The clients are closed by then too. */
  private void assertCancelEnds(String client, Runnable work) {
    broker.assertCancelEnds(
        () -> {
          try {
            work.run();
          } finally {
            cluster.close();
          }
        },
        "-%s-".formatted(client),
        monitor);
  }
}
