package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that takes connections and never answers, while an operator wants the work to stop. */
class BlockedKafkaTest {

  private static final TopicPartition PARTITION = new TopicPartition("events", 0);
  private static final long SOON_MILLIS = 3_000;

  private final CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
  private final CountDownLatch begun = new CountDownLatch(1);
  private ServerSocket silent;
  private KafkaCluster cluster;

  @BeforeEach
  void open() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    cluster =
        new KafkaCluster(
            "The cluster",
            new KafkaSpec.Cluster("127.0.0.1:" + silent.getLocalPort(), Map.of()),
            new SecretResolver(),
            "0123456789ab");
  }

  @AfterEach
  void close() throws IOException {
    silent.close();
    cluster.close();
  }

  @Test
  void aCancelEndsAWriterThatWaitsForItsTurn() {
    Function<ProgressMonitor, Integer> open =
        shared -> {
          begun.countDown();
          try (ReplayWriter writer = new ReplayWriter(cluster, PARTITION, "id", "none", Map.of())) {
            return writer.hashCode();
          }
        };
    CompletableFuture<List<Integer>> running =
        CompletableFuture.supplyAsync(() -> PartitionTasks.runAll(List.of(open), monitor));
    await().until(() -> begun.getCount() == 0);
    assertThat(running).as("it waits").isNotDone();

    monitor.cancel();

    assertThatExceptionOfType(Exception.class)
        .isThrownBy(running::join)
        .havingCause()
        .isInstanceOfSatisfying(
            MigrationException.class,
            failure -> assertThat(failure.type()).isEqualTo(FailureType.CANCELLED));
    assertThat(monitor.millisSinceCancel()).isLessThan(SOON_MILLIS);
  }
}
