package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares the tenant's tables on both sides: how many rows, which keys, and what is in them.
 *
 * <p>Every comparison names the tables that are on one side only. Keys and contents are streamed
 * from both sides in the same byte order and merged, so that a row that is missing, added or
 * changed is named by its key in constant memory.
 */
public final class TableComparison {

  private final PostgresConnections connections;
  private final SnapshotStorage.Provider snapshots;

  /**
   * A comparison.
   *
   * @param snapshots where the rows as they were copied lie
   */
  public TableComparison(PostgresConnections connections, SnapshotStorage.Provider snapshots) {
    this.connections = connections;
    this.snapshots = snapshots;
  }

  /** Compares how many rows each table has; counts tables. */
  public Finding rowCounts(MigrationContext context, ProgressMonitor monitor) {
    return compare(
        context,
        monitor,
        "row count",
        (origin, both, table, finding) -> {
          finding.compared(1);
          long source = origin.count();
          long target = BothDatabases.count(both.target(), both.onTarget(table), "true");
          if (source != target) {
            finding.mismatch(
                "%s has %d rows, but its source has %d"
                    .formatted(both.onTarget(table), target, source));
          }
        });
  }

  /**
   * Compares the SHA-256 over each table's sorted primary keys; counts keys. A table without a
   * primary key is compared by whole rows.
   */
  public Finding primaryKeys(MigrationContext context, ProgressMonitor monitor) {
    return compare(
        context,
        monitor,
        "primary keys",
        (origin, both, table, finding) -> {
          RowMerge merge = new RowMerge(both.onTarget(table), finding, monitor);
          try (SortedRows source = sourceRows(origin, both, table, List.of());
              SortedRows target = targetRows(both, table, List.of())) {
            merge.run(source, target, (key, here, there) -> {});
          }
          if (!merge.sourceDigest().equals(merge.targetDigest()) && !merge.hasNamedMismatch()) {
            finding.mismatch(
                "%s: SHA-256 of the sorted keys is %s, its source's is %s"
                    .formatted(both.onTarget(table), merge.targetDigest(), merge.sourceDigest()));
          }
        });
  }

  /** Compares every column of every row, references as they must be mapped; counts rows. */
  public Finding rowContents(MigrationContext context, ProgressMonitor monitor) {
    return compare(
        context,
        monitor,
        "row content",
        (origin, both, table, finding) -> {
          List<String> columns = comparedColumns(both, table);
          ChangedColumns changed = new ChangedColumns(origin, both, table, columns);
          try (SortedRows source =
                  sourceRows(origin, both, table, sourceTexts(both, table, columns));
              SortedRows target = targetRows(both, table, texts(columns))) {
            new RowMerge(both.onTarget(table), finding, monitor)
                .run(
                    source,
                    target,
                    (key, here, there) -> {
                      if (!here.equals(there)) {
                        finding.mismatch(
                            "%s: row %s differs%s"
                                .formatted(both.onTarget(table), key, changed.describe(key)));
                      }
                    });
          }
        });
  }

  private Finding compare(
      MigrationContext context, ProgressMonitor monitor, String what, TableCheck check) {
    if (context.request().postgres() == null) {
      return Finding.notApplicable("the request leaves postgres out");
    }
    Finding finding = new Finding();
    try (BothDatabases both = BothDatabases.open(connections, context, what)) {
      List<TenantTable> tables = both.tables().requireMovable();
      Set<String> unexpected = new TreeSet<>(both.targetTables());
      long done = 0;
      for (TenantTable table : tables) {
        monitor.throwIfCancelled();
        if (unexpected.remove(table.name().table())) {
          finding.add(compare(context, both, table, monitor, check));
        } else {
          finding.mismatch("%s is missing".formatted(both.onTarget(table)));
        }
        both.release();
        done++;
        monitor.update(new Progress(done, tables.size(), "tables", what));
      }
      for (String table : unexpected) {
        finding.mismatch(
            "%s has no source".formatted(new TableName(both.spec().targetSchema(), table)));
      }
    }
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("no table holds a row on either side")
        : finding;
  }

  /**
   * Compares a table with its source as it is now. A reference table cannot be fenced for one
   * tenant: one that differs is compared with what was copied of it, and if that is what lies on
   * the target, the later change at the source is noted.
   */
  private Finding compare(
      MigrationContext context,
      BothDatabases both,
      TenantTable table,
      ProgressMonitor monitor,
      TableCheck check) {
    Finding live = new Finding();
    check.compare(RowOrigin.shared(both, table), both, table, live);
    if (live.mismatchCount() == 0 || table.scope() != TenantTable.Scope.REFERENCE) {
      return live;
    }
    Finding asCopied = new Finding();
    try (CopiedRows copied =
        CopiedRows.load(
            DatabaseAccess.target(connections, context),
            snapshots.forMigration(context),
            both.onTarget(table),
            monitor)) {
      check.compare(copied.origin(), both, table, asCopied);
    }
    if (asCopied.mismatchCount() == 0) {
      asCopied.note(
          ("%s was changed at its source after it was copied (%s). It is shared by all tenants and"
                  + " cannot be fenced for one. Apply the change by hand if the tenant needs it")
              .formatted(table.name(), live.namedMismatches().get(0)));
    }
    return asCopied;
  }

  /**
   * All that a row shows. What the server generates is compared too, but beside references that are
   * mapped, of which it may be made.
   */
  private static List<String> comparedColumns(BothDatabases both, TenantTable table) {
    return both.hasMappedColumn(table)
        ? table.columns()
        : Stream.concat(table.columns().stream(), table.generatedColumns().stream()).toList();
  }

  private static SortedRows sourceRows(
      RowOrigin origin, BothDatabases both, TenantTable table, List<String> content) {
    return SortedRows.open(
        origin.connection(),
        origin.name(),
        origin.predicate(),
        sourceTexts(both, table, keyColumns(table)),
        content);
  }

  private static SortedRows targetRows(
      BothDatabases both, TenantTable table, List<String> content) {
    return SortedRows.open(
        both.target(), both.onTarget(table), "true", texts(keyColumns(table)), content);
  }

  /** The columns by which a row is found again: its primary key, or else all of them. */
  static List<String> keyColumns(TenantTable table) {
    return table.primaryKey().isEmpty() ? table.columns() : table.primaryKey();
  }

  static List<String> texts(List<String> columns) {
    return columns.stream().map(column -> "t." + Identifiers.quote(column) + "::text").toList();
  }

  static List<String> sourceTexts(BothDatabases both, TenantTable table, List<String> columns) {
    return columns.stream()
        .map(column -> both.mapped(table, column, "t." + Identifiers.quote(column) + "::text"))
        .toList();
  }

  /** Compares one table that is on both sides. */
  private interface TableCheck {
    void compare(RowOrigin origin, BothDatabases both, TenantTable table, Finding finding);
  }
}
