package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Compares the tenant's tables on both sides: how many rows, which keys, and what is in them, all
 * of it in one pass over each table.
 *
 * <p>Several tables are compared at a time, the largest first. Every check names the tables that
 * are on one side only.
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

  /**
   * Makes all checks in one pass.
   *
   * <p>ROW_COUNT compares how many rows each table has, and counts tables. PRIMARY_KEY_CHECKSUM
   * compares the digests of each table's primary keys, names the keys that are on one side only,
   * and counts keys; a table without a primary key is compared by whole rows. ROW_CONTENT compares
   * every column of every row, references as they must be mapped, and counts rows.
   */
  public Map<CheckName, Finding> rows(MigrationContext context, ProgressMonitor monitor) {
    return compare(context, monitor, "rows", CheckName.OF_ROWS);
  }

  /** Makes ROW_COUNT alone. */
  public Finding rowCounts(MigrationContext context, ProgressMonitor monitor) {
    return one(context, monitor, "row count", CheckName.ROW_COUNT);
  }

  /** Makes PRIMARY_KEY_CHECKSUM alone. */
  public Finding primaryKeys(MigrationContext context, ProgressMonitor monitor) {
    return one(context, monitor, "primary keys", CheckName.PRIMARY_KEY_CHECKSUM);
  }

  /** Makes ROW_CONTENT alone. */
  public Finding rowContents(MigrationContext context, ProgressMonitor monitor) {
    return one(context, monitor, "row content", CheckName.ROW_CONTENT);
  }

  private Finding one(
      MigrationContext context, ProgressMonitor monitor, String what, CheckName check) {
    return Objects.requireNonNull(compare(context, monitor, what, EnumSet.of(check)).get(check));
  }

  private Map<CheckName, Finding> compare(
      MigrationContext context, ProgressMonitor monitor, String what, Set<CheckName> checks) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    Map<CheckName, Finding> findings = each(checks, check -> new Finding());
    List<TenantTable> onBothSides = new ArrayList<>();
    ColumnBytes bytes;
    try (BothDatabases both = BothDatabases.open(connections, context, what)) {
      TenantTables catalog = both.tables();
      List<TenantTable> tables = catalog.requireMovable();
      Set<TableName> unexpected = both.targetTables(catalog);
      bytes = ColumnBytes.read(both.source(), spec.sourceSchema(), catalog.shared().schemas());
      if (checks.contains(CheckName.ROW_CONTENT)) {
        finding(findings, CheckName.ROW_CONTENT)
            .add(new LargeObjectComparison(both, monitor).compare(tables));
      }
      for (TenantTable table : tables) {
        if (unexpected.remove(both.onTarget(table))) {
          onBothSides.add(table);
        } else {
          String missing = "%s is missing".formatted(both.onTarget(table));
          findings.values().forEach(finding -> finding.mismatch(missing));
        }
      }
      for (TableName table : unexpected) {
        String added = "%s has no source".formatted(table);
        findings.values().forEach(finding -> finding.mismatch(added));
      }
    }
    for (Map<CheckName, Finding> ofTable :
        new Tables(context, monitor, what, checks, bytes).compare(onBothSides)) {
      ofTable.forEach((check, finding) -> finding(findings, check).add(finding));
    }
    return each(
        checks,
        check -> {
          Finding finding = finding(findings, check);
          return finding.comparedCount() == 0 && finding.mismatchCount() == 0
              ? Finding.notApplicable("no table holds a row on either side")
              : finding;
        });
  }

  private static Map<CheckName, Finding> each(
      Set<CheckName> checks, Function<CheckName, Finding> finding) {
    Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);
    checks.forEach(check -> findings.put(check, finding.apply(check)));
    return findings;
  }

  private static Finding finding(Map<CheckName, Finding> findings, CheckName check) {
    return Objects.requireNonNull(findings.get(check));
  }

  /** Compares several tables at a time. */
  private final class Tables {

    private final MigrationContext context;
    private final ProgressMonitor monitor;
    private final String what;
    private final Set<CheckName> checks;
    private final ColumnBytes bytes;
    private final Map<TableName, Map<CheckName, Finding>> findings = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();

    Tables(
        MigrationContext context,
        ProgressMonitor monitor,
        String what,
        Set<CheckName> checks,
        ColumnBytes bytes) {
      this.context = context;
      this.monitor = monitor;
      this.what = what;
      this.checks = checks;
      this.bytes = bytes;
    }

    /** The findings in the order of the tables. */
    List<Map<CheckName, Finding>> compare(List<TenantTable> tables) {
      List<TenantTable> largestFirst =
          tables.stream().sorted(Comparator.comparingLong(TenantTable::bytes).reversed()).toList();
      int parallelism = context.spec(PostgresSpec.class).parallelism();
      // where each check makes a pass of its own, another one reads both databases meanwhile
      int workers = checks.equals(CheckName.OF_ROWS) ? parallelism : Math.max(1, parallelism / 2);
      WorkerPool.workThrough(
          what, workers, monitor, largestFirst, number -> new OneByOne(number, tables.size()));
      return tables.stream()
          .map(table -> Objects.requireNonNull(findings.get(table.name())))
          .toList();
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
      private Map<CheckName, Finding> compare(TenantTable table) {
        Map<CheckName, Finding> live = compare(RowOrigin.shared(both, table), table, checks);
        Set<CheckName> differing = EnumSet.noneOf(CheckName.class);
        live.forEach(
            (check, finding) -> {
              if (finding.mismatchCount() > 0) {
                differing.add(check);
              }
            });
        if (table.hasSharedRows() && !differing.isEmpty()) {
          compareAsCopied(table, differing)
              .forEach(
                  (check, asCopied) -> {
                    noteChange(table, finding(live, check), asCopied);
                    live.put(check, asCopied);
                  });
        }
        return live;
      }

      private Map<CheckName, Finding> compareAsCopied(TenantTable table, Set<CheckName> differing) {
        Map<CheckName, Finding> findings;
        try (CopiedRows copied =
            CopiedRows.load(
                DatabaseAccess.target(connections, context),
                snapshots.forMigration(context),
                table,
                both.onTarget(table),
                WorkScope.current())) {
          findings = compare(copied.origin(), table, differing);
        }
        if (table.scope() != TenantTable.Scope.REFERENCE) {
          compare(RowOrigin.own(both, table), table, differing)
              .forEach(
                  (check, own) ->
                      own.namedMismatches().forEach(finding(findings, check)::mismatch));
        }
        return findings;
      }

      private static void noteChange(TenantTable table, Finding live, Finding asCopied) {
        if (asCopied.mismatchCount() == 0) {
          asCopied.note(
              ("%s was changed at its source after it was copied (%s). It has rows that are shared"
                      + " with other tenants and cannot be fenced for one. Apply the change by hand"
                      + " if the tenant needs it")
                  .formatted(table.name(), live.namedMismatches().get(0)));
        }
      }

      private Map<CheckName, Finding> compare(
          RowOrigin source, TenantTable table, Set<CheckName> some) {
        return new RowComparison(source, both, table, bytes, some, WorkScope.current()).run();
      }

      @Override
      public void close() {
        both.close();
      }
    }
  }
}
