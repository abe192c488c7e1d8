package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Counts the tenant's rows and estimates their bytes. */
final class TenantVolume {

  private TenantVolume() {}

  /**
   * Counts all tables' rows.
   *
   * @param targetSchema under which the tables are named, as the report of a migration names them
   */
  static StoresSummary.Postgres measure(
      Connection source, List<TenantTable> tables, String targetSchema, ProgressMonitor monitor)
      throws SQLException {
    List<StoresSummary.Table> measured = new ArrayList<>();
    for (TenantTable table : tables) {
      monitor.throwIfCancelled();
      monitor.update(
          new Progress(measured.size(), tables.size(), "tables", "counting " + table.name()));
      long rows = count(source, table);
      measured.add(
          new StoresSummary.Table(
              table.name().in(targetSchema).toString(), rows, estimateBytes(table, rows)));
    }
    return new StoresSummary.Postgres(measured);
  }

  /** The tenant's part of the table's size; a table that was never analyzed is taken as all his. */
  private static long estimateBytes(TenantTable table, long rows) {
    long all = Math.max(table.estimatedRows(), rows);
    return all == 0 ? 0 : (long) ((double) table.bytes() * rows / all);
  }

  static long count(Connection source, TenantTable table) throws SQLException {
    try (Statement statement = source.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM %s AS t WHERE %s"
                    .formatted(Identifiers.quote(table.name()), table.predicate()))) {
      row.next();
      return row.getLong(1);
    }
  }
}
