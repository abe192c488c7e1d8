package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Gathers the planner's statistics of a schema that was just filled. */
public final class Statistics {

  /** By one statement, which says nothing until it has ended. */
  private static final int TOGETHER = 20;

  private Statistics() {}

  /**
   * Analyzes each table that holds rows or has partitions, and each materialized view.
   *
   * @param connection in autocommit mode: each table is analyzed in a transaction of its own then,
   *     which locks its indexes too
   */
  public static void gather(Connection connection, String schema, ProgressMonitor monitor)
      throws SQLException {
    List<String> tables =
        Sql.texts(
            connection,
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n"
                + " ON n.oid = c.relnamespace WHERE n.nspname = ?"
                + " AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated ORDER BY c.oid",
            schema);
    for (int i = 0; i < tables.size(); i += TOGETHER) {
      monitor.throwIfCancelled();
      monitor.update(new Progress(i, tables.size(), "tables", "gathering statistics"));
      Sql.execute(
          connection,
          "ANALYZE " + String.join(", ", tables.subList(i, Math.min(tables.size(), i + TOGETHER))));
    }
  }
}
