package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cancel while the brokers' process is frozen, in each phase that uses them. A proxy would not
 * do: clients go to the address that a broker itself gives them.
 */
class FrozenKafkaIT {

  private static ServerFolder folder;
  private static KafkaServer broker;

  private final String id = TestJournal.newMigrationId();
  private final SecretResolver secrets = new SecretResolver(name -> null);
  private final MigrationJournal journal = TestJournal.shared();
  private final KafkaMigration migration =
      new KafkaMigration(new KafkaClients(secrets), journal, TestGuard.permitting());
  private TestCluster cluster;
  private MigrationContext context;

  private enum Phase {
    PLAN,
    PROVISION,
    POSITIONS,
    REPLAY,
    VERIFY,
    FINALIZE,
    DELETE
  }

  @BeforeAll
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  static void start() {
    folder = ServerFolder.temporary("frozen-kafka-it-");
    broker = KafkaServer.start(folder, "frozen");
  }

  @AfterAll
  static void stop() {
    broker.close();
    folder.close();
  }

  @BeforeEach
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void open() {
    cluster = new TestCluster(broker.bootstrapServers());
    String from = "shared.events-" + id;
    KafkaSpec.Cluster both = new KafkaSpec.Cluster(broker.bootstrapServers(), Map.of());
    KafkaSpec.Topic topic =
        new KafkaSpec.Topic(
            from,
            "events-" + id,
            new KafkaSpec.TenantSelector("tenant-id", null, null, false),
            false);
    context = context(new KafkaSpec(both, both, List.of(topic), List.of()));
    var unused = cluster.createTopic(from, 2, Map.of());
    cluster.sendMixed(from, 2, 200);
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    signal("CONT");
    cluster.close();
  }

  @ParameterizedTest
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @EnumSource(Phase.class)
  void aCancelEndsTheWork(Phase phase) throws IOException, InterruptedException {
    ProgressMonitor unmonitored = ProgressMonitor.unmonitored();
    if (phase.compareTo(Phase.POSITIONS) >= 0) {
      migration.provision(context, unmonitored);
    }
    if (phase.compareTo(Phase.REPLAY) >= 0) {
      migration.readPositions(context, unmonitored);
    }
    if (phase.compareTo(Phase.VERIFY) >= 0) {
      var unused = migration.replay(context, unmonitored);
    }
    signal("STOP");

    Silence.assertCancelEndsWhatWaits(monitor -> work(phase, monitor));
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void theWatchdogHearsWhetherTheClusterAnswers() throws IOException, InterruptedException {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    try (KafkaCluster source = new KafkaClients(secrets).source(context, monitor)) {
      assertThat(monitor.silentServers()).isEmpty();
      signal("STOP");
      assertThat(monitor.silentServers()).containsExactly(source.name());
    }
  }

  private void work(Phase phase, CancellableMonitor monitor) {
    switch (phase) {
      case PLAN -> {
        var unused = migration.plan(context, monitor);
      }
      case PROVISION -> migration.provision(context, monitor);
      case POSITIONS -> migration.readPositions(context, monitor);
      case REPLAY -> {
        var unused = migration.replay(context, monitor);
      }
      case VERIFY -> {
        var unused = new RecordComparison(secrets, journal).compare(context, monitor);
      }
      case FINALIZE -> migration.finalizeTopics(context, monitor);
      case DELETE -> {
        var unused = migration.deleteTopics(context);
      }
    }
  }

  private MigrationContext context(KafkaSpec kafka) {
    return new MigrationContext(
        id,
        "tenant-migration-acme",
        "run",
        new MigrationRequest(
            "acme",
            KafkaFixture.TENANT,
            new TierChange("STARTER", "ENTERPRISE"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ofSeconds(1),
            null,
            new SnapshotSpec("file:/tmp"),
            null,
            null,
            kafka,
            null,
            null,
            VerificationSpec.NONE));
  }

  private static void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, String.valueOf(broker.process().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
