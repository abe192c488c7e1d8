package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shared PostgreSQL, with the control plane in it, is stopped while a tenant is fenced, until
 * the status tells that the rollback takes long. That no number of tries ends a rollback is a test
 * of the workflow alone.
 */
@Order(1) // it takes long
class LostSharedDatabaseIT {

  private static final String TENANT = "lost";
  private static final String WRITE =
      "INSERT INTO app.queries (tenant_id, body) VALUES ('lost', 'written')";

  @TempDir private Path folder;

  @Test
  @Timeout(value = 12, unit = TimeUnit.MINUTES)
  void aTenantWritesWithinAMinuteOfTheReturnOfItsSharedDatabase() throws Exception {
    try (ServerFolder servers = ServerFolder.temporary("tenant-migration-lost-")) {
      PostgresServer shared = PostgresServer.start(servers, "shared-to-stop");
      try (TestPlatform platform = new TestPlatform(shared)) {
        createTenant(platform, shared);
        TenantMigrationWorkflow migration = startAndAwaitFence(platform, shared);

        shared.close();
        migration.requestCancel("the shared cluster is in trouble", "dana");
        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(() -> assertThat(migration.status().delay()).isNotNull());
        shared = shared.startAgain();

        awaitActiveAndWriting(platform, shared);
        MigrationReport report = WorkflowStub.fromTyped(migration).getResult(MigrationReport.class);
        assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(report.cancelled()).isTrue();
      } finally {
        shared.close();
      }
    }
  }

  private static void createTenant(TestPlatform platform, PostgresServer shared)
      throws SQLException {
    execute(shared, "postgres", "CREATE DATABASE shop");
    execute(
        shared,
        "shop",
        "CREATE SCHEMA app; CREATE TABLE app.queries (id bigserial PRIMARY KEY,"
            + " tenant_id text NOT NULL, body text NOT NULL);"
            + WRITE);
    platform
        .controlPlane()
        .tenantConfigs()
        .add(
            new TenantConfig(
                TENANT,
                "STARTER",
                State.ACTIVE,
                shared.jdbcUrl("shop"),
                null,
                null,
                null,
                null,
                1,
                Instant.EPOCH));
  }

  private TenantMigrationWorkflow startAndAwaitFence(TestPlatform platform, PostgresServer shared)
      throws IOException {
    var started = platform.run("start", "-f", request(shared).toString());
    assertThat(started.code()).as(started.out() + started.errors()).isZero();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !writes(shared) && state(platform) == State.READ_ONLY);
    return WorkflowClient.newInstance(
            WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder()
                    .setTarget(platform.temporal().address())
                    .build()))
        .newWorkflowStub(TenantMigrationWorkflow.class, TemporalNames.workflowId(TENANT));
  }

  private Path request(PostgresServer shared) throws IOException {
    PostgresServer dedicated = TestServers.dedicatedPostgres();
    return Files.writeString(
        folder.resolve("request.yaml"),
        """
        tenant: %s
        mode: offline
        tier: {from: STARTER, to: ENTERPRISE}
        approval: automatic
        settle: 5m
        snapshot: {location: "file:%s"}
        postgres:
          source: {url: "%s", user: %s, password: "${env:CONTROL_PG_PASSWORD}"}
          target: {url: "%s", user: %s, password: "${env:DEDICATED_SUPERUSER_PASSWORD}"}
          isolation: rows
          sourceSchema: app
          targetSchema: public
          tenantColumn: tenant_id
        """
            .formatted(
                TENANT,
                folder,
                shared.jdbcUrl("shop"),
                shared.user(),
                dedicated.jdbcUrl("lost_tenant"),
                dedicated.user()));
  }

  private static void awaitActiveAndWriting(TestPlatform platform, PostgresServer shared) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> state(platform) == State.ACTIVE && writes(shared));
  }

  private static State state(TestPlatform platform) {
    return platform.controlPlane().tenantConfigs().find(TENANT).orElseThrow().state();
  }

  private static boolean writes(PostgresServer shared) {
    try {
      execute(shared, "shop", WRITE);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static void execute(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
