package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.TestPlatform.Reach;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dedicated database refuses for good: the tenant is back at once, and is told why. */
class RejectedMigrationIT {

  /** 15 s are promised; a machine that does ten things at once gets more. Retries took 500 s. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String VALUE = "jane@acme.example";

  private static TestPlatform platform;

  private final PostgresServer server = TestServers.postgres();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final String database = "shared_" + tenant.replace("-", "_");
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws SQLException {
    platform =
        TestPlatform.reaching(
            new Reach(
                new References(List.of("TEST_*"), null),
                new Hosts(null, null),
                Map.of("TEST_PG_PASSWORD", TestServers.postgres().password())));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void aConstraintThatTheRowsViolateRollsBackAtOnceAndIsNamed() throws Exception {
    createDatabase(
        "CREATE FUNCTION s.accepts(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
        "CREATE TABLE s.users (id int PRIMARY KEY, tenant_id text, email text,"
            + " CONSTRAINT known_mail CHECK (s.accepts(email)))",
        "INSERT INTO s.users VALUES (1, '" + tenant + "', '" + VALUE + "')",
        "CREATE OR REPLACE FUNCTION s.accepts(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT false'");

    assertRolledBackSoonNaming("known_mail", "s.users", "SQLSTATE 23514");
  }

  @Test
  void anIndexWhoseFunctionIsMissingRollsBackAtOnceAndBothAreNamed() throws Exception {
    createDatabase(
        "CREATE FUNCTION s.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
        "SET search_path = s",
        "CREATE FUNCTION s.mail(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN plain($1); END'",
        "CREATE TABLE s.users (id int PRIMARY KEY, tenant_id text, email text)",
        "INSERT INTO s.users VALUES (1, '" + tenant + "', '" + VALUE + "')",
        "CREATE INDEX users_by_mail ON s.users (s.mail(email))");

    assertRolledBackSoonNaming("users_by_mail", "function plain(text) does not exist");
  }

  private void assertRolledBackSoonNaming(String... names) throws IOException {
    platform.addTenant(tenant);
    long begun = System.nanoTime();

    Answer answer = platform.run("start", "-f", request(), "--wait");

    assertThat(answer.code()).as(answer.out() + answer.errors()).isEqualTo(4);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    String report = platform.run("report", tenant, "--output", "json").out();
    assertThat(report).contains("\"DATA_REJECTED\"").doesNotContain(VALUE);
    // JSON escapes the quotes around a name
    assertThat(report).contains(names);
    assertThat(platform.controlPlane().tenantConfigs().find(tenant).orElseThrow().state())
        .isEqualTo(State.ACTIVE);
  }

  private void createDatabase(String... statements) throws SQLException {
    execute("postgres", "CREATE DATABASE " + database);
    execute(database, "CREATE SCHEMA s");
    execute(database, statements);
  }

  private void execute(String where, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(where), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String request() throws IOException {
    return Files.writeString(
            folder.resolve(tenant + ".yaml"),
            """
            tenant: %1$s
            tier: {from: STARTER, to: ENTERPRISE}
            settle: 0s
            snapshot: {location: "file:%2$s"}
            postgres:
              source: {url: "%3$s", user: "%5$s", password: "${env:TEST_PG_PASSWORD}"}
              target: {url: "%4$s", user: "%5$s", password: "${env:TEST_PG_PASSWORD}"}
              isolation: rows
              sourceSchema: s
              targetSchema: public
              tenantColumn: tenant_id
            """
                .formatted(
                    tenant,
                    folder,
                    server.jdbcUrl(database),
                    server.jdbcUrl("dedicated_" + tenant.replace("-", "_")),
                    server.user()))
        .toString();
  }
}
