package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.compare.RowDigests.Digest;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.Units;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Compares one table on the target with the rows that it has to equal: how many there are, their
 * keys, and all that they show, as far as each was asked for. Each server scans its rows once, both
 * at the same time, where they are equal.
 *
 * <p>Rows are compared by their {@link RowDigests}. Where these differ, the rows in question are
 * streamed from both sides in the same byte order and merged, so that a row that is missing, added
 * or changed is named by its key in constant memory.
 */
final class RowComparison {

  private final RowOrigin source;
  private final RowOrigin target;
  private final BothDatabases both;
  private final TenantTable table;
  private final ColumnBytes bytes;
  private final ProgressMonitor monitor;
  private final Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);

  /**
   * A comparison.
   *
   * @param checks what is compared, of {@link CheckName#OF_ROWS}
   */
  RowComparison(
      RowOrigin source,
      BothDatabases both,
      TenantTable table,
      ColumnBytes bytes,
      Set<CheckName> checks,
      ProgressMonitor monitor) {
    this(source, "true", both, table, bytes, checks, monitor);
  }

  /**
   * The same for some rows.
   *
   * @param ofTarget true, over the alias {@code t}, for the rows of the target that are compared
   */
  RowComparison(
      RowOrigin source,
      String ofTarget,
      BothDatabases both,
      TenantTable table,
      ColumnBytes bytes,
      Set<CheckName> checks,
      ProgressMonitor monitor) {
    this.source = source;
    this.target = new RowOrigin(both.target(), both.rowsOnTarget(table), ofTarget, true);
    this.both = both;
    this.table = table;
    this.bytes = bytes;
    this.monitor = monitor;
    checks.forEach(check -> findings.put(check, new Finding()));
  }

  /** Compares; answers what each check found. */
  Map<CheckName, Finding> run() {
    OnBoth<Digest> total = atOnce(side -> RowDigests.total(side, shape(side)));
    findings.forEach(
        (check, finding) -> {
          if (check == CheckName.ROW_COUNT) {
            compareCounts(total.source().rows(), total.target().rows(), finding);
          } else if (total.areEqual()) {
            finding.compared(total.source().rows());
          }
        });
    if (!total.areEqual()) {
      compareBuckets();
    }
    return findings;
  }

  private void compareCounts(long here, long there, Finding finding) {
    finding.compared(1);
    if (source.areAllRows() ? here != there : here > there) {
      finding.mismatch(
          "%s has %s, but its source has %,d"
              .formatted(target.name(), Units.plural(there, "row"), here));
    }
  }

  /** Compares the rows of the buckets whose digests differ one by one. */
  private void compareBuckets() {
    List<Finding> ofRows =
        findings.entrySet().stream()
            .filter(finding -> finding.getKey() != CheckName.ROW_COUNT)
            .map(Map.Entry::getValue)
            .toList();
    if (ofRows.isEmpty()) {
      return;
    }
    OnBoth<RowDigests> digests = atOnce(side -> RowDigests.read(side, shape(side)));
    Set<Integer> differing = digests.source().differing(digests.target());
    ofRows.forEach(finding -> finding.compared(digests.source().rowsBeside(differing)));
    compareRows(differing, ofRows);
  }

  private void compareRows(Set<Integer> buckets, List<Finding> ofRows) {
    Finding contents = findings.get(CheckName.ROW_CONTENT);
    List<String> columns = contents == null ? List.of() : comparedColumns();
    ChangedColumns changed = new ChangedColumns(source, both, table, columns);
    try (SortedRows here = sorted(source, buckets, columns);
        SortedRows there = sorted(target, buckets, columns)) {
      new RowMerge(target.name(), source.areAllRows(), ofRows, monitor)
          .run(
              here,
              there,
              (key, ofSource, ofTarget) -> {
                if (contents != null && !ofSource.equals(ofTarget)) {
                  contents.mismatch(
                      "%s: row %s differs%s".formatted(target.name(), key, changed.describe(key)));
                }
              });
    }
  }

  private SortedRows sorted(RowOrigin side, Set<Integer> buckets, List<String> merged) {
    return SortedRows.open(
        side.connection(),
        side.rows(),
        "(%s) AND %s".formatted(side.predicate(), shape(side).isIn(buckets)),
        texts(side, keyColumns(table)),
        texts(side, merged));
  }

  private RowDigests.Shape shape(RowOrigin side) {
    if (findings.keySet().equals(Set.of(CheckName.ROW_COUNT))) {
      return RowDigests.Shape.COUNT;
    }
    List<String> key = keyColumns(table);
    List<String> row = new ArrayList<>();
    if (findings.containsKey(CheckName.ROW_CONTENT)) {
      row.addAll(key);
      comparedColumns().stream().filter(column -> !key.contains(column)).forEach(row::add);
    }
    return new RowDigests.Shape(
        bytes(side, key), row.size() == key.size() ? List.of() : bytes(side, row));
  }

  private List<String> bytes(RowOrigin side, List<String> columns) {
    return columns.stream()
        .map(
            column ->
                both.isMapped(table, column)
                    ? ColumnBytes.ofText(text(side, column))
                    : bytes.of(table.name(), column))
        .toList();
  }

  private List<String> texts(RowOrigin side, List<String> columns) {
    return columns.stream().map(column -> text(side, column)).toList();
  }

  private String text(RowOrigin side, String column) {
    return side.equals(target) ? text(column) : sourceText(both, table, column);
  }

  /**
   * All that a row shows. What the server generates is compared too, but beside references that are
   * mapped, of which it may be made.
   */
  private List<String> comparedColumns() {
    return both.hasMappedColumn(table)
        ? table.columns()
        : Stream.concat(table.columns().stream(), table.generatedColumns().stream()).toList();
  }

  /** The key of a row of the target as texts. */
  static List<String> keyTexts(TenantTable table) {
    return keyColumns(table).stream().map(RowComparison::text).toList();
  }

  /** The columns by which a row is found again: its primary key, or else all of them. */
  static List<String> keyColumns(TenantTable table) {
    return table.primaryKey().isEmpty() ? table.columns() : table.primaryKey();
  }

  /** A value of the target as text. */
  static String text(String column) {
    return "t." + Identifiers.quote(column) + "::text";
  }

  /** A value of the source as text, as it must be on the target. */
  static String sourceText(BothDatabases both, TenantTable table, String column) {
    return both.mapped(table, column);
  }

  private record OnBoth<T>(T source, T target) {

    boolean areEqual() {
      return source.equals(target);
    }
  }

  private <T> OnBoth<T> atOnce(Function<RowOrigin, T> look) {
    AtomicReference<T> here = new AtomicReference<>();
    AtomicReference<T> there = new AtomicReference<>();
    try (WorkerPool pool = new WorkerPool("compare " + table.name().table(), 2, monitor)) {
      pool.submit(() -> here.set(look.apply(source)));
      pool.submit(() -> there.set(look.apply(target)));
      pool.awaitAll();
    }
    return new OnBoth<>(Objects.requireNonNull(here.get()), Objects.requireNonNull(there.get()));
  }
}
