package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.TestPlatform.Reach;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole migration whose shared database answers nothing any more, and an operator who cancels.
 */
class SilentDatabaseIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Ten seconds are promised; the rest is for the command and for a machine that others share. */
  private static final Duration PROMISE = Duration.ofSeconds(25);

  private static TestPlatform platform;

  private final PostgresServer server = TestServers.postgres();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final String database = tenant.replace('-', '_');
  @TempDir private Path folder;
  private SilencedProxy proxy;

  @BeforeAll
  static void start() throws SQLException {
    platform =
        TestPlatform.reaching(
            new Reach(
                new References(List.of("CONTROL_PG_PASSWORD"), null),
                new Hosts(null, null),
                Map.of()));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void open() throws IOException, SQLException {
    proxy = SilencedProxy.before(server.port());
    platform
        .controlPlane()
        .tenantConfigs()
        .add(
            new TenantConfig(
                tenant,
                "STARTER",
                State.ACTIVE,
                proxy.inUrl(server.jdbcUrl(database)),
                null,
                null,
                null,
                null,
                1,
                Instant.EPOCH));
    execute("postgres", "CREATE DATABASE " + database);
    execute(
        database,
        "CREATE SCHEMA shared;"
            + " CREATE TABLE shared.orders (id int PRIMARY KEY, tenant_id text NOT NULL);"
            + " INSERT INTO shared.orders SELECT i, '%s' FROM generate_series(1, 1000) i"
                .formatted(tenant));
  }

  @AfterEach
  void close() throws IOException, SQLException {
    proxy.close();
    execute("postgres", "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  @Test
  void aCancelOfACopyTakesEffectAndTheTenantComesBackOnceTheDatabaseAnswers() throws IOException {
    proxy.fallSilentAt("TO STDOUT (FORMAT");
    assertThat(platform.run("start", "-f", request()).code()).isZero();
    await().atMost(PATIENCE).until(proxy::isSilent);
    assertThat(state()).isEqualTo(State.READ_ONLY);

    assertThat(platform.run("cancel", tenant, "--reason", "silent").code()).isZero();
    await().atMost(PROMISE).until(() -> record().phase() == Phase.ROLLING_BACK);

    proxy.speakAgain();
    assertThat(platform.run("status", tenant, "--watch").out()).contains("rolled back");
    assertThat(state()).isEqualTo(State.ACTIVE);
    execute(database, "INSERT INTO shared.orders VALUES (0, '%s')".formatted(tenant));
  }

  @Test
  void aCancelOfAPlanTakesEffect() throws IOException {
    proxy.fallSilentAt("pg_attribute");
    assertThat(platform.run("start", "-f", request()).code()).isZero();
    await().atMost(PATIENCE).until(proxy::isSilent);

    assertThat(platform.run("cancel", tenant, "--reason", "silent").code()).isZero();

    await().atMost(PROMISE).until(() -> record().outcome() != Outcome.RUNNING);
    assertThat(state()).isEqualTo(State.ACTIVE);
  }

  private MigrationRecord record() {
    return platform.controlPlane().migrations().latest(tenant).orElseThrow();
  }

  private State state() {
    return platform.controlPlane().tenantConfigs().find(tenant).orElseThrow().state();
  }

  private String request() throws IOException {
    return Files.writeString(
            folder.resolve("request.yaml"),
            """
            tenant: %s
            mode: offline
            tier: {from: STARTER, to: ENTERPRISE}
            settle: 0s
            snapshot: {location: "file:%s"}
            postgres:
              source: {url: "%s", user: %s, password: "${env:CONTROL_PG_PASSWORD}"}
              target: {url: "%s", user: %s, password: "${env:CONTROL_PG_PASSWORD}"}
              isolation: rows
              sourceSchema: shared
              targetSchema: public
              tenantColumn: tenant_id
            """
                .formatted(
                    tenant,
                    folder,
                    proxy.inUrl(server.jdbcUrl(database)),
                    server.user(),
                    server.jdbcUrl(database + "_own"),
                    server.user()))
        .toString();
  }

  private void execute(String where, String sql) {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(where), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
