package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A control plane of its own with one tenant in it, and the way to its dedicated side. */
abstract class ConfiguredTenant {

  /** Of each class its own, since some end all of its sessions. */
  private static final ClassValue<ControlPlane> CONTROL_PLANES =
      new ClassValue<>() {
        @Override
        protected ControlPlane computeValue(Class<?> test) {
          return open();
        }
      };

  final ControlPlane controlPlane = CONTROL_PLANES.get(getClass());
  final TenantConfigs configs = controlPlane.tenantConfigs();
  final ConfigurationSwitch forward = new ConfigurationSwitch(configs, controlPlane.auditTrail());
  final ConfigurationRestore back = new ConfigurationRestore(configs);
  final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  final MigrationContext context = context(UUID.randomUUID().toString());

  private static ControlPlane open() {
    String database = "configuration_" + UUID.randomUUID().toString().replace("-", "");
    PostgresServer server = TestServers.postgres();
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    ControlPlane opened =
        ControlPlane.open(server.jdbcUrl(database), server.user(), server.password());
    opened.upgrade();
    return opened;
  }

  @BeforeEach
  void addTenant() {
    configs.add(config(tenant, "jdbc:postgresql://shared/s"));
  }

  static TenantConfig config(String tenant, String databaseUrl) {
    return new TenantConfig(
        tenant,
        "STARTER",
        State.ACTIVE,
        databaseUrl,
        "s3://shared/t/",
        "shared:9092",
        "http://shared:9200",
        "redis://shared",
        1,
        Instant.EPOCH);
  }

  TenantConfig config() {
    return configs.find(tenant).orElseThrow();
  }

  MigrationContext context(String migrationId) {
    return context(migrationId, tenant);
  }

  static MigrationContext context(String migrationId, String tenant) {
    return context(migrationId, tenant, null);
  }

  static MigrationContext context(
      String migrationId, String tenant, @Nullable PostgresSpec postgres) {
    return context(migrationId, tenant, postgres, null);
  }

  static MigrationContext context(
      String migrationId,
      String tenant,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec objects) {
    MigrationRequest request =
        new MigrationRequest(
            tenant,
            tenant,
            new TierChange("STARTER", "ENTERPRISE"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ZERO,
            null,
            new SnapshotSpec("file:/snapshots"),
            postgres,
            objects,
            new KafkaSpec(
                new KafkaSpec.Cluster("shared:9092", Map.of()),
                new KafkaSpec.Cluster("dedicated:9092", Map.of()),
                List.of(),
                List.of()),
            null,
            new RedisSpec(
                new RedisSpec.Source("redis://shared", "t:"),
                new RedisSpec.Target("redis://:${env:REDIS}@dedicated:6379"),
                List.of()),
            VerificationSpec.NONE);
    return new MigrationContext(migrationId, "tenant-migration-" + tenant, "run", request);
  }
}
