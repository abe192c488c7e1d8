package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Gathers the planner's statistics of a schema that was just filled. */
public final class Statistics {

  private Statistics() {}

  /** Analyzes each table that holds rows or has partitions, and each materialized view. */
  public static void gather(Connection connection, String schema, ProgressMonitor monitor)
      throws SQLException {
    List<String> tables =
        Sql.texts(
            connection,
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated",
            schema);
    for (String table : tables) {
      monitor.throwIfCancelled();
      Sql.execute(connection, "ANALYZE " + Identifiers.quote(new TableName(schema, table)));
    }
  }
}
