package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cancel while records are followed or drained and the brokers' process is frozen. */
class FrozenFollowIT {

  private static ServerFolder folder;
  private static KafkaServer broker;

  private final KafkaFixture fixture = new KafkaFixture();
  private final KafkaMigration migration =
      new KafkaMigration(new KafkaClients(fixture.secrets), fixture.journal, fixture.guard);
  private MigrationContext context;

  @BeforeAll
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  static void start() {
    folder = ServerFolder.temporary("frozen-follow-it-");
    broker = KafkaServer.start(folder, "frozen");
  }

  @AfterAll
  static void stop() {
    broker.close();
    folder.close();
  }

  @BeforeEach
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void copy() {
    KafkaSpec.Cluster both = new KafkaSpec.Cluster(broker.bootstrapServers(), Map.of());
    context =
        new OnlineRecords(
                fixture,
                fixture.context(
                    new KafkaSpec(
                        both, both, List.of(fixture.byHeader()), List.of(fixture.group("reader")))))
            .context;
    try (TestCluster cluster = new TestCluster(broker.bootstrapServers())) {
      var unused = cluster.createTopic(fixture.from, 2, Map.of());
      cluster.sendMixed(fixture.from, 2, 200);
      ProgressMonitor unmonitored = ProgressMonitor.unmonitored();
      migration.provision(context, unmonitored);
      var unusedSummary = migration.replay(context.whileTenantWorks(), unmonitored);
      cluster.sendMixed(fixture.from, 2, 200);
    }
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    signal("CONT");
    fixture.close();
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aCancelEndsTheFollowing() throws IOException, InterruptedException {
    signal("STOP");

    Silence.assertCancelEndsWhatWaits(this::follow);
  }

  private void follow(CancellableMonitor monitor) {
    migration.follow(context.whileTenantWorks(), Following.UNTIL_STOPPED, monitor);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aCancelEndsTheDrain() throws IOException, InterruptedException {
    signal("STOP");

    Silence.assertCancelEndsWhatWaits(
        monitor -> {
          var unused = migration.drain(context, monitor);
        });
  }

  private static void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, String.valueOf(broker.process().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
