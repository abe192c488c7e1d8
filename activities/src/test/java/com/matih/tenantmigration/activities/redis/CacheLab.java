package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A shared and a dedicated Redis, emptied before each test, and a tenant whose cache is warmed. */
abstract class CacheLab {

  static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();
  static final String BY_ID = "SELECT id, owner, body FROM queries ORDER BY id";

  /** Of each class its own, since they empty and configure them. */
  private static final ClassValue<CacheServers> SERVERS =
      new ClassValue<>() {
        @Override
        protected CacheServers computeValue(Class<?> test) {
          return CacheServers.start();
        }
      };

  private final CacheServers servers = SERVERS.get(getClass());
  final RedisServer sharedServer = servers.sharedServer();
  final RedisServer frequencyServer = servers.frequencyServer();
  final RedisServer dedicatedServer = servers.dedicatedServer();
  final RedisCommands<String, String> shared = servers.shared();
  final RedisCommands<String, String> frequency = servers.frequency();
  final RedisCommands<String, String> dedicated = servers.dedicated();
  final SecretResolver secrets = TestSecrets.of(name -> null);
  final RedisConnections connections = new RedisConnections(secrets);
  final MigrationJournal journal = TestJournal.shared();
  final TestRows rows = new TestRows();
  final TestGuard guard = TestGuard.permitting();
  final CacheWarmer warmer = new CacheWarmer(connections, journal, guard, rows);
  final CacheEvictor evictor = new CacheEvictor(connections, journal, guard);
  final CacheComparison comparison = new CacheComparison(secrets, journal, guard, rows);
  final RedisTenantLeak leak = new RedisTenantLeak(secrets);
  final String migrationId = TestJournal.newMigrationId();
  final MigrationContext context = context(sharedServer.uri(), loader("query:{id}", BY_ID));

  @BeforeEach
  void emptyServers() {
    shared.flushall();
    frequency.flushall();
    dedicated.flushall();
    shared.configResetstat();
  }

  static RedisSpec.Loader loader(String key, String sql) {
    return new RedisSpec.Loader(key, sql, "body", Duration.ofHours(1));
  }

  final MigrationContext context(String sharedUri, RedisSpec.Loader loader) {
    return context(sharedUri, dedicatedServer.uri(), loader);
  }

  final MigrationContext context(String sharedUri, String dedicatedUri, RedisSpec.Loader loader) {
    RedisSpec spec =
        new RedisSpec(
            new RedisSpec.Source(sharedUri, "acme:"),
            new RedisSpec.Target(dedicatedUri),
            List.of(loader));
    return context(spec);
  }

  final MigrationContext context(RedisSpec spec) {
    MigrationRequest request =
        new MigrationRequest(
            "acme",
            "acme-tenant-id",
            new TierChange("STARTER", "ENTERPRISE"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ofSeconds(1),
            null,
            new SnapshotSpec("file:/tmp"),
            postgres(),
            null,
            null,
            null,
            spec,
            VerificationSpec.NONE);
    return new MigrationContext(migrationId, "tenant-migration-acme", "run", request);
  }

  private PostgresSpec postgres() {
    return PostgresSpecBuilder.rows(rows.spec(), rows.spec()).sourceSchema("public").build();
  }
}
