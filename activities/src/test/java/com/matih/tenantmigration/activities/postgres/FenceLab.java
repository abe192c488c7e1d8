package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
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

/** A shared database with tables of acme and globex in schema {@code shared}, and a fence. */
public final class FenceLab implements AutoCloseable {

  /** For tests in which somebody stays in the way for good. */
  static final WriteFence.Limits SHORT =
      new WriteFence.Limits(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static final String READ_ONLY = "25006";

  final PostgresConnections connections = TestDatabase.connections(TestServers.postgres());
  final MigrationJournal journal = TestJournal.shared();
  public final TestDatabase database;
  public final String migrationId = TestJournal.newMigrationId();
  final WriteFence fence;

  public FenceLab(String... tables) throws SQLException {
    this.fence = new WriteFence(connections, journal);
    this.database = TestDatabase.create(TestServers.postgres());
    database.execute("CREATE SCHEMA shared");
    database.execute(tables);
  }

  public MigrationContext context() {
    return context(migrationId, "acme");
  }

  public MigrationContext context(String migration, String tenantKey) {
    return TestRequests.context(
        migration, TestRequests.request(tenantKey, spec(database.spec()), null, List.of()));
  }

  /** The request of another user of the database. */
  static PostgresSpec spec(PostgresSpec.Database database) {
    return PostgresSpecBuilder.rows(database, database).build();
  }

  void raise() {
    fence.raise(context(), ProgressMonitor.unmonitored());
  }

  WriteFence.Released release() {
    return fence.release(context());
  }

  boolean remove() {
    return fence.remove(context(), ProgressMonitor.unmonitored());
  }

  /** A session that is in the middle of a transaction. */
  public Connection transaction(String application) throws SQLException {
    Connection connection = database.connect();
    connection.setClientInfo("ApplicationName", application);
    connection.setAutoCommit(false);
    return connection;
  }

  /** What of the fence does not stand. */
  List<String> missing() throws SQLException {
    try (Connection source = database.connect()) {
      return fence.missing(source, context(), TenantCatalog.read(source, context().request()));
    }
  }

  List<String> fenceTriggers() throws SQLException {
    return database.query("SELECT tgname FROM pg_trigger WHERE tgname LIKE '~~~%'");
  }

  void refused(String... statements) {
    assertThatThrownBy(() -> database.execute(statements))
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

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
