package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One migration of the tenant {@code acme} between two real clusters, with topic and group names of
 * its own.
 */
public final class KafkaFixture implements AutoCloseable {

  static final String TENANT = "acme-key";
  private static @Nullable ControlPlane controlPlane;

  public final TestCluster shared = new TestCluster(TestServers.kafka().bootstrapServers());
  public final TestCluster dedicated =
      new TestCluster(TestServers.dedicatedKafka().bootstrapServers());
  public final String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  public final String from = "shared.events-" + id;
  public final String to = "events-" + id;
  final MigrationJournal journal = controlPlane().journal();
  final SecretResolver secrets = TestSecrets.ofOdd();
  private final KafkaClients clients = new KafkaClients(secrets);
  final TestGuard guard = TestGuard.permitting();
  public final KafkaMigration migration = new KafkaMigration(clients, journal, guard);

  /** A control plane that the tests of this JVM share; its notes keep apart by migration. */
  private static synchronized ControlPlane controlPlane() {
    ControlPlane present = controlPlane;
    if (present == null) {
      PostgresServer server = TestServers.postgres();
      String name = "kafka_" + UUID.randomUUID().toString().replace("-", "");
      try (Connection connection =
              DriverManager.getConnection(
                  server.jdbcUrl("postgres"), server.user(), server.password());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      present = ControlPlane.open(server.jdbcUrl(name), server.user(), server.password());
      present.upgrade();
      controlPlane = present;
    }
    return present;
  }

  /** The shared cluster; closed by the caller. */
  KafkaCluster source(MigrationContext context) {
    return clients.source(context, ProgressMonitor.unmonitored());
  }

  /** The dedicated cluster; closed by the caller. */
  KafkaCluster target(MigrationContext context) {
    return clients.target(context, ProgressMonitor.unmonitored());
  }

  public KafkaSpec.Topic byHeader() {
    return new KafkaSpec.Topic(
        from, to, new KafkaSpec.TenantSelector("tenant-id", null, null, false), false);
  }

  public KafkaSpec.ConsumerGroup group(String name) {
    return new KafkaSpec.ConsumerGroup(sharedGroup(name), dedicatedGroup(name));
  }

  public String sharedGroup(String name) {
    return "shared-%s-%s".formatted(name, id);
  }

  public String dedicatedGroup(String name) {
    return "%s-%s".formatted(name, id);
  }

  /** The migration of the topic by header, and of groups by their short names. */
  public MigrationContext context(String... groups) {
    return context(byHeader(), groups);
  }

  public MigrationContext context(KafkaSpec.Topic topic, String... groups) {
    return context(
        new KafkaSpec(
            new KafkaSpec.Cluster(TestServers.kafka().bootstrapServers(), Map.of()),
            new KafkaSpec.Cluster(TestServers.dedicatedKafka().bootstrapServers(), Map.of()),
            List.of(topic),
            List.of(groups).stream().map(this::group).toList()));
  }

  public MigrationContext context(KafkaSpec kafka) {
    return new MigrationContext(
        id,
        "tenant-migration-acme",
        "run",
        new MigrationRequest(
            "acme",
            TENANT,
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

  @Override
  public void close() {
    shared.close();
    dedicated.close();
  }
}
