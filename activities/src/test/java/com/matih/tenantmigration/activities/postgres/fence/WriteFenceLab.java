package com.matih.tenantmigration.activities.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A shared schema with the tables of a tenant, and its fence. */
abstract class WriteFenceLab {

  static final String READ_ONLY = "25006";
  static final WriteFence.Limits SHORT =
      new WriteFence.Limits(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1));

  final PostgresConnections connections = TestDatabase.connections(TestServers.postgres());
  final MigrationJournal journal = TestJournal.shared();
  final String migrationId = TestJournal.newMigrationId();
  TestDatabase database;
  WriteFence fence;

  @BeforeEach
  void createTables() throws SQLException {
    fence = new WriteFence(connections, journal);
    database = TestDatabase.create(TestServers.postgres());
    database.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
        "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id int NOT NULL REFERENCES"
            + " shared.queries ON DELETE CASCADE)",
        "CREATE TABLE shared.events (tenant_id text, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE shared.events_old PARTITION OF shared.events"
            + " FOR VALUES FROM (MINVALUE) TO ('2025-01-01')",
        "CREATE TABLE shared.events_new PARTITION OF shared.events"
            + " FOR VALUES FROM ('2025-01-01') TO (MAXVALUE)",
        "CREATE TABLE shared.plans (id int PRIMARY KEY)",
        "INSERT INTO shared.plans VALUES (1)",
        "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex'), (3, 'globex')",
        "INSERT INTO shared.runs VALUES (10, 1), (20, 2)",
        "INSERT INTO shared.events VALUES ('acme', '2024-01-01'), ('globex', '2024-01-01')");
  }

  @AfterEach
  void dropTables() throws SQLException {
    database.close();
  }

  List<String> missing() throws SQLException {
    try (Connection connection = connections.open(database.spec(), migrationId, "test")) {
      return fence.missing(
          connection, context(), TenantCatalog.read(connection, context().request()));
    }
  }

  void raise(WriteFence raised) {
    raised.raise(context(), ProgressMonitor.unmonitored());
  }

  boolean release() {
    return fence.release(context()).stood();
  }

  MigrationContext context() {
    return TestRequests.context(migrationId, TestRequests.request("acme", spec(), null, List.of()));
  }

  PostgresSpec spec() {
    return PostgresSpecBuilder.rows(database.spec(), database.spec())
        .referenceTables(List.of("plans"))
        .build();
  }

  void refused(String... statements) {
    ThrowingCallable write = () -> database.execute(statements);
    assertThatThrownBy(write)
        .as(statements[statements.length - 1])
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(READ_ONLY))
        .hasMessageContaining("is being moved or has moved");
  }

  void passes(String... statements) {
    assertThatCode(() -> database.execute(statements))
        .as(statements[statements.length - 1])
        .doesNotThrowAnyException();
  }
}
