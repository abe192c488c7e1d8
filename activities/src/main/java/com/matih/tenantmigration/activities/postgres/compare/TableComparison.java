package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Compares the tenant's tables on both sides: how many rows, which keys, and what is in them.
 *
 * <p>Several tables are compared at a time, the largest first. Every comparison names the tables
 * that are on one side only.
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
    return compare(context, monitor, "row count", RowComparison::counts);
  }

  /**
   * Compares the digests of each table's primary keys, and names the keys that are on one side
   * only; counts keys. A table without a primary key is compared by whole rows.
   */
  public Finding primaryKeys(MigrationContext context, ProgressMonitor monitor) {
    return compare(context, monitor, "primary keys", RowComparison::keys);
  }

  /** Compares every column of every row, references as they must be mapped; counts rows. */
  public Finding rowContents(MigrationContext context, ProgressMonitor monitor) {
    Finding rows = compare(context, monitor, "row content", RowComparison::contents);
    if (context.request().postgres() == null) {
      return rows;
    }
    Finding objects;
    try (BothDatabases both = BothDatabases.open(connections, context, "large objects")) {
      objects = new LargeObjectComparison(both, monitor).compare(both.tables().requireMovable());
    }
    if (objects.comparedCount() == 0 && objects.mismatchCount() == 0) {
      return rows;
    }
    objects.add(rows);
    return objects;
  }

  private Finding compare(
      MigrationContext context,
      ProgressMonitor monitor,
      String what,
      Consumer<RowComparison> comparison) {
    PostgresSpec spec = context.request().postgres();
    if (spec == null) {
      return Finding.notApplicable("the request leaves postgres out");
    }
    Finding finding = new Finding();
    List<TenantTable> onBothSides = new ArrayList<>();
    ColumnBytes bytes;
    try (BothDatabases both = BothDatabases.open(connections, context, what)) {
      List<TenantTable> tables = both.tables().requireMovable();
      Set<String> unexpected = new TreeSet<>(both.targetTables());
      bytes = ColumnBytes.read(both.source(), spec.sourceSchema());
      for (TenantTable table : tables) {
        if (unexpected.remove(table.name().table())) {
          onBothSides.add(table);
        } else {
          finding.mismatch("%s is missing".formatted(both.onTarget(table)));
        }
      }
      for (String table : unexpected) {
        finding.mismatch("%s has no source".formatted(new TableName(spec.targetSchema(), table)));
      }
    }
    new Tables(context, monitor, what, comparison, bytes)
        .compare(onBothSides)
        .forEach(finding::add);
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("no table holds a row on either side")
        : finding;
  }

  /** Compares several tables at a time. */
  private final class Tables {

    private final MigrationContext context;
    private final ProgressMonitor monitor;
    private final String what;
    private final Consumer<RowComparison> comparison;
    private final ColumnBytes bytes;
    private final Map<TableName, Finding> findings = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();

    Tables(
        MigrationContext context,
        ProgressMonitor monitor,
        String what,
        Consumer<RowComparison> comparison,
        ColumnBytes bytes) {
      this.context = context;
      this.monitor = monitor;
      this.what = what;
      this.comparison = comparison;
      this.bytes = bytes;
    }

    /** The findings in the order of the tables. */
    List<Finding> compare(List<TenantTable> tables) {
      List<TenantTable> largestFirst =
          tables.stream().sorted(Comparator.comparingLong(TenantTable::bytes).reversed()).toList();
      // other checks read both databases meanwhile
      int workers = Math.max(1, context.spec(PostgresSpec.class).parallelism() / 2);
      WorkerPool.workThrough(
          what, workers, monitor, largestFirst, number -> new OneByOne(number, tables.size()));
      return tables.stream().map(table -> findings.get(table.name())).toList();
    }

    /** Compares one table after the other over connections of its own. */
    private final class OneByOne implements WorkerPool.Worker<TenantTable> {

      private final BothDatabases both;
      private final int count;

      OneByOne(int number, int count) {
        this.both = BothDatabases.open(connections, context, what + " " + number);
        this.count = count;
      }

      @Override
      public void work(TenantTable table) {
        findings.put(table.name(), compare(table));
        both.release();
        monitor.update(new Progress(done.incrementAndGet(), count, "tables", what));
      }

      /**
       * Compares a table with its source as it is now. Rows that are not the tenant's alone, such
       * as those of a reference table, cannot be fenced for one tenant: a table that differs is
       * compared with what was copied of it, and its own rows with their source; if that is what
       * lies on the target, the later change at the source is noted.
       */
      private Finding compare(TenantTable table) {
        Finding live = compare(RowOrigin.shared(both, table), table);
        if (live.mismatchCount() == 0 || !table.hasSharedRows()) {
          return live;
        }
        Finding asCopied;
        try (CopiedRows copied =
            CopiedRows.load(
                DatabaseAccess.target(connections, context),
                snapshots.forMigration(context),
                both.onTarget(table),
                WorkScope.current())) {
          asCopied = compare(copied.origin(), table);
        }
        if (table.scope() != TenantTable.Scope.REFERENCE) {
          compare(RowOrigin.own(both, table), table).namedMismatches().forEach(asCopied::mismatch);
        }
        if (asCopied.mismatchCount() == 0) {
          asCopied.note(
              ("%s was changed at its source after it was copied (%s). It has rows that are shared"
                      + " with other tenants and cannot be fenced for one. Apply the change by hand"
                      + " if the tenant needs it")
                  .formatted(table.name(), live.namedMismatches().get(0)));
        }
        return asCopied;
      }

      private Finding compare(RowOrigin source, TenantTable table) {
        RowComparison rows = new RowComparison(source, both, table, bytes, WorkScope.current());
        comparison.accept(rows);
        return rows.finding();
      }

      @Override
      public void close() {
        both.close();
      }
    }
  }
}
