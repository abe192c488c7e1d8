package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the dedicated database by a cursor, in a transaction that cannot change anything. */
public final class PostgresDedicatedRows implements DedicatedRows {

  private static final int FETCHED_AT_ONCE = 500;

  private final PostgresConnections connections;

  public PostgresDedicatedRows(PostgresConnections connections) {
    this.connections = connections;
  }

  @Override
  public void read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, String>> row) {
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    try (Connection connection = target.open("read rows");
        ProgressMonitor.Registration registration =
            monitor.onCancel(() -> DatabaseAccess.abort(connection))) {
      useSchema(connection, DatabaseAccess.spec(context).targetSchema());
      connection.setReadOnly(true);
      // without autocommit, the driver reads by a cursor
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCHED_AT_ONCE);
        try (ResultSet rows = statement.executeQuery(sql)) {
          handOver(rows, monitor, row);
        }
      }
      connection.rollback();
    } catch (SQLException e) {
      monitor.throwIfCancelled();
      if (PostgresFailures.isFaultOfTheQuery(e)) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            "A query of the request fails on the dedicated database: %s. Correct it: %s"
                .formatted(PostgresFailures.reason(e), sql),
            e);
      }
      throw PostgresFailures.translate("run a query on", "the dedicated database", e);
    }
  }

  /** A query of the request names tables as the tenant's services do. */
  private static void useSchema(Connection connection, String schema) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = %s, public".formatted(Identifiers.quote(schema)));
    }
  }

  private static void handOver(
      ResultSet rows, ProgressMonitor monitor, Consumer<Map<String, String>> row)
      throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    while (rows.next()) {
      monitor.throwIfCancelled();
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        String value = rows.getString(i);
        if (value != null) {
          values.put(columns.getColumnLabel(i), value);
        }
      }
      row.accept(values);
    }
  }
}
