package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Compares one table on the target with the rows that it has to equal. Both servers work at the
 * same time.
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
  private final Finding finding = new Finding();

  RowComparison(
      RowOrigin source,
      BothDatabases both,
      TenantTable table,
      ColumnBytes bytes,
      ProgressMonitor monitor) {
    this.source = source;
    this.target = new RowOrigin(both.target(), both.onTarget(table), "true", true);
    this.both = both;
    this.table = table;
    this.bytes = bytes;
    this.monitor = monitor;
  }

  Finding finding() {
    return finding;
  }

  /** Compares how many rows there are; counts one table. */
  void counts() {
    finding.compared(1);
    OnBoth<Long> rows = atOnce(RowOrigin::count);
    boolean differ =
        source.areAllRows() ? !rows.source().equals(rows.target()) : rows.source() > rows.target();
    if (differ) {
      finding.mismatch(
          "%s has %d rows, but its source has %d"
              .formatted(target.name(), rows.target(), rows.source()));
    }
  }

  /** Compares the rows' keys; counts rows. */
  void keys() {
    compare(keyColumns(table), List.of(), (key, here, there) -> {});
  }

  /** Compares everything that a row shows; counts rows. */
  void contents() {
    List<String> columns = comparedColumns();
    ChangedColumns changed = new ChangedColumns(source, both, table, columns);
    compare(
        columns,
        columns,
        (key, here, there) -> {
          if (!here.equals(there)) {
            finding.mismatch(
                "%s: row %s differs%s".formatted(target.name(), key, changed.describe(key)));
          }
        });
  }

  /**
   * Compares digests, and then the rows whose digests differ.
   *
   * @param digested what digests are made of, beside the key
   * @param merged what is compared of two rows with the same key
   */
  private void compare(List<String> digested, List<String> merged, RowMerge.Pair pair) {
    OnBoth<RowDigests> digests = atOnce(side -> RowDigests.read(side, shape(side, digested)));
    Set<Integer> differing = digests.source().differing(digests.target());
    finding.compared(digests.source().rowsBeside(differing));
    if (!differing.isEmpty()) {
      try (SortedRows here = sorted(source, digested, differing, merged);
          SortedRows there = sorted(target, digested, differing, merged)) {
        new RowMerge(target.name(), source.areAllRows(), finding, monitor).run(here, there, pair);
      }
    }
  }

  private SortedRows sorted(
      RowOrigin side, List<String> digested, Set<Integer> buckets, List<String> merged) {
    return SortedRows.open(
        side.connection(),
        side.name(),
        "(%s) AND %s".formatted(side.predicate(), shape(side, digested).isIn(buckets)),
        texts(side, keyColumns(table)),
        texts(side, merged));
  }

  private RowDigests.Shape shape(RowOrigin side, List<String> columns) {
    List<String> key = keyColumns(table);
    return new RowDigests.Shape(
        bytes(side, key),
        bytes(side, Stream.concat(key.stream(), columns.stream()).distinct().toList()));
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
  private static List<String> keyColumns(TenantTable table) {
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

  private record OnBoth<T>(T source, T target) {}

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
