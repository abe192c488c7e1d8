package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Gathers the planner's statistics of a schema that was just filled. */
final class Statistics {

  private Statistics() {}

  /** Analyzes each table that holds rows or has partitions, and each materialized view. */
  static void gather(Connection connection, String schema, ProgressMonitor monitor)
      throws SQLException {
    for (String table : tables(connection, schema)) {
      monitor.throwIfCancelled();
      try (Statement statement = connection.createStatement()) {
        statement.execute("ANALYZE " + Identifiers.quote(new TableName(schema, table)));
      }
    }
  }

  private static List<String> tables(Connection connection, String schema) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated")) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
    }
    return tables;
  }
}
