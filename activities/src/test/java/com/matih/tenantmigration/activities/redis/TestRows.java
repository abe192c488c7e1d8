package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A tenant's database with a table of queries, read as an engine would be handed its rows. */
final class TestRows implements DedicatedRows {

  private final PostgresServer server = TestServers.dedicatedPostgres();
  private final String database =
      "cache_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

  TestRows() {
    execute("postgres", "CREATE DATABASE " + database);
    execute("CREATE TABLE queries (id int PRIMARY KEY, owner text, body text)");
  }

  /** Adds queries with the ids from 1 to a number. */
  void fill(int queries) {
    execute(
        "INSERT INTO queries SELECT i, 'user-' || i %% 7, 'body of ' || i FROM generate_series(1, %d) i"
            .formatted(queries));
  }

  void execute(String sql) {
    execute(database, sql);
  }

  private void execute(String where, String sql) {
    try (Connection connection = connect(where);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect(String where) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(where), server.user(), server.password());
  }

  @Override
  public void read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, String>> row) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          String value = rows.getString(i);
          if (value != null) {
            values.put(rows.getMetaData().getColumnLabel(i), value);
          }
        }
        row.accept(values);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
