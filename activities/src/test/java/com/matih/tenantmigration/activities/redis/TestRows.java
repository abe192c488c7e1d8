package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ColumnTexts;
import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.compare.PostgresDedicatedRows;
import com.matih.tenantmigration.activities.postgres.plan.PlannedColumnTexts;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/** A tenant's database with a table of queries, read as an engine is handed its rows. */
final class TestRows implements DedicatedRows {

  private static final PostgresServer SERVER = TestServers.dedicatedPostgres();
  private static final QuerySessions SESSIONS =
      new QuerySessions(TestDatabase.connections(SERVER), null);

  private final TestDatabase database;
  private final DedicatedRows rows = new PostgresDedicatedRows(SESSIONS);

  TestRows() {
    try {
      database = TestDatabase.create(SERVER);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    execute("CREATE TABLE queries (id int PRIMARY KEY, owner text, body text)");
  }

  /** Describes queries on the same database, as the shared one would. */
  ColumnTexts columnTexts() {
    return new PlannedColumnTexts(SESSIONS);
  }

  /** How a request names the database. */
  PostgresSpec.Database spec() {
    return database.spec();
  }

  /** Adds queries with the ids from 1 to a number. */
  void fill(int queries) {
    execute(
        "INSERT INTO queries SELECT i, 'user-' || i %% 7, 'body of ' || i FROM generate_series(1, %d) i"
            .formatted(queries));
  }

  void execute(String sql) {
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Answer read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, Value>> row) {
    return rows.read(context, sql, monitor, row);
  }
}
