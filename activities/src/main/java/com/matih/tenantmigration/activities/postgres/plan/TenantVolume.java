package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.copy.CountWithoutIndexes;
import com.matih.tenantmigration.activities.postgres.copy.RowWidth;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counts the tenant's rows, estimates their bytes, and refuses those that no worker can hold. */
public final class TenantVolume {

  /** PostgreSQL's compression makes a value smaller by this much, about, at the most. */
  private static final int COMPRESSED_AT_MOST = 250;

  /** How long all tables together may be counted once more. */
  private static final Duration RECOUNTS = Duration.ofMinutes(5);

  private TenantVolume() {}

  /**
   * Counts all tables' rows.
   *
   * @param targetSchema under which the tables are named, as the report of a migration names them
   */
  public static StoresSummary.Postgres measure(
      Connection source,
      List<TenantTable> tables,
      String targetSchema,
      PlanNotes findings,
      ProgressMonitor monitor)
      throws SQLException {
    return measure(source, tables, targetSchema, RowWidth.largest(), findings, monitor);
  }

  public static StoresSummary.Postgres measure(
      Connection source,
      List<TenantTable> tables,
      String targetSchema,
      long largestRow,
      PlanNotes findings,
      ProgressMonitor monitor)
      throws SQLException {
    List<StoresSummary.Table> measured = new ArrayList<>();
    long deadline = System.nanoTime() + RECOUNTS.toNanos();
    for (TenantTable table : tables) {
      monitor.throwIfCancelled();
      monitor.update(
          new Progress(measured.size(), tables.size(), "tables", "counting " + table.name()));
      long rows = count(source, table, largestRow, findings);
      recount(source, table, deadline, findings);
      measured.add(
          new StoresSummary.Table(
              table.onTarget(targetSchema).toString(), rows, estimateBytes(table, rows)));
    }
    return new StoresSummary.Postgres(measured);
  }

  /** Rows that an index lacks would be missed by the copy, and by the checks as well. */
  private static void recount(
      Connection source, TenantTable table, long deadline, PlanNotes findings) throws SQLException {
    if (!CountWithoutIndexes.goesByIndex(source, table)) {
      return;
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    Duration limit = left.compareTo(BoundedCount.OF_PLAN) < 0 ? left : BoundedCount.OF_PLAN;
    Optional<CountWithoutIndexes.Counts> counts =
        limit.toMillis() == 0 ? Optional.empty() : CountWithoutIndexes.count(source, table, limit);
    if (counts.isEmpty()) {
      findings.warn(
          table.name(),
          "is read by an index, and it could not be determined in time whether the index has all"
              + " of the tenant's rows. Check it with amcheck (bt_index_check, heapallindexed).");
    } else if (counts.get().without() != counts.get().with()) {
      findings.refuse(
          table.name(),
          "has %s of the tenant when counted without its indexes, and %,d with them: an index lacks rows"
              .formatted(Units.plural(counts.get().without(), "row"), counts.get().with()),
          "Check its indexes with amcheck (bt_index_check, heapallindexed), REINDEX TABLE %s, and"
                  .formatted(Identifiers.quote(table.name()))
              + " repeat the plan.");
    }
  }

  /** The tenant's part of the table's size; a table that was never analyzed is taken as all his. */
  private static long estimateBytes(TenantTable table, long rows) {
    long all = Math.max(table.estimatedRows(), rows);
    return all == 0 ? 0 : (long) ((double) table.bytes() * rows / all);
  }

  private static long count(
      Connection source, TenantTable table, long largestRow, PlanNotes findings)
      throws SQLException {
    // a table that is small with all that lies outside of it has no large row
    String width =
        table.bytes() < largestRow / COMPRESSED_AT_MOST
            ? "0"
            : RowWidth.expression(source, table.name());
    try {
      return count(source, table, width, largestRow, findings);
    } catch (SQLException e) {
      if (table.scope() != Scope.CONDITION || !isFaultOfRows(e)) {
        throw e;
      }
      findings.refuse(
          table.name(),
          "has rows for which the condition in postgres.tables fails: "
              + PostgresFailures.reason(e),
          "Write a condition that can be asked of every row, also of those of other tenants.");
      return 0;
    }
  }

  /** Class 22: a value that does not fit; class 21: a subquery with several rows for one value. */
  private static boolean isFaultOfRows(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("21") || state.startsWith("22");
  }

  private static long count(
      Connection source, TenantTable table, String width, long largestRow, PlanNotes findings)
      throws SQLException {
    return Sql.one(
        source,
        "SELECT count(*), coalesce(max((%s)::bigint), 0) FROM %s AS t WHERE %s"
            .formatted(width, table.rows().sql(), table.predicate()),
        row -> {
          long widest = row.getLong(2);
          if (widest > largestRow) {
            findings.refuse(
                table.name(),
                "has a row of %d MB, but this worker can move rows of at most %d MB"
                    .formatted(widest >> 20, largestRow >> 20),
                "Give the worker a larger heap (one row may take an eighth of it, at most 128 MB),"
                    + " or store such large values in the object storage.");
          }
          return row.getLong(1);
        });
  }
}
