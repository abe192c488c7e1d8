package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the tenant's tables on both sides: how many rows, which keys, and what is in them.
 *
 * <p>Every comparison names the tables that are on one side only. Keys and contents are streamed
 * from both sides in the same byte order and merged, so that a row that is missing, added or
 * changed is named by its key in constant memory.
 */
public final class TableComparison {

  private final PostgresConnections connections;

  public TableComparison(PostgresConnections connections) {
    this.connections = connections;
  }

  /** Compares how many rows each table has; counts tables. */
  public Finding rowCounts(MigrationContext context, ProgressMonitor monitor) {
    return compare(
        context,
        monitor,
        "row count",
        (both, table, finding) -> {
          finding.compared(1);
          long source = BothDatabases.count(both.source(), table.name(), table.predicate());
          long target = BothDatabases.count(both.target(), both.onTarget(table), "true");
          if (source != target) {
            finding.mismatch(
                "%s has %d rows, its source has %d"
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
        (both, table, finding) -> {
          Merge merge = new Merge(both.onTarget(table), finding, monitor);
          try (SortedRows source = sourceRows(both, table, List.of());
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
        (both, table, finding) -> {
          ChangedColumns changed = new ChangedColumns(both, table);
          try (SortedRows source =
                  sourceRows(both, table, sourceTexts(both, table, table.columns()));
              SortedRows target = targetRows(both, table, texts(table.columns()))) {
            new Merge(both.onTarget(table), finding, monitor)
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
    try (BothDatabases both = BothDatabases.open(connections, context, what, monitor)) {
      List<TenantTable> tables = both.tables().requireMovable();
      Set<String> unexpected = new TreeSet<>(both.targetTables());
      long done = 0;
      for (TenantTable table : tables) {
        monitor.throwIfCancelled();
        if (unexpected.remove(table.name().table())) {
          check.compare(both, table, finding);
        } else {
          finding.mismatch("%s is missing".formatted(both.onTarget(table)));
        }
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

  private static SortedRows sourceRows(
      BothDatabases both, TenantTable table, List<String> content) {
    return SortedRows.open(
        both.source(),
        table.name(),
        table.predicate(),
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
    void compare(BothDatabases both, TenantTable table, Finding finding);
  }

  /** What is done with a key that both sides have. */
  private interface Pair {
    void met(String key, String sourceContent, String targetContent);
  }

  /** Walks both sorted sides at once. */
  private static final class Merge {

    private static final int REPORT_EVERY = 1_000;

    private final TableName table;
    private final Finding finding;
    private final ProgressMonitor monitor;
    private final MessageDigest sourceDigest = sha256();
    private final MessageDigest targetDigest = sha256();
    private boolean hasNamedMismatch;

    Merge(TableName table, Finding finding, ProgressMonitor monitor) {
      this.table = table;
      this.finding = finding;
      this.monitor = monitor;
    }

    void run(SortedRows source, SortedRows target, Pair pair) {
      long seen = 0;
      while (!source.isAtEnd() || !target.isAtEnd()) {
        if (++seen % REPORT_EVERY == 0) {
          monitor.throwIfCancelled();
        }
        finding.compared(1);
        int order = order(source, target);
        if (order == 0) {
          pair.met(source.key(), source.content(), target.content());
        } else {
          hasNamedMismatch = true;
          finding.mismatch(
              order < 0
                  ? "%s: row %s is missing".formatted(table, source.key())
                  : "%s: row %s has no source".formatted(table, target.key()));
        }
        if (order <= 0) {
          add(sourceDigest, source.key());
          source.advance();
        }
        if (order >= 0) {
          add(targetDigest, target.key());
          target.advance();
        }
      }
    }

    private static int order(SortedRows source, SortedRows target) {
      if (source.isAtEnd()) {
        return 1;
      }
      return target.isAtEnd() ? -1 : source.compareKey(target);
    }

    boolean hasNamedMismatch() {
      return hasNamedMismatch;
    }

    String sourceDigest() {
      return HexFormat.of().formatHex(sourceDigest.digest());
    }

    String targetDigest() {
      return HexFormat.of().formatHex(targetDigest.digest());
    }

    private static void add(MessageDigest digest, String key) {
      digest.update(key.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
