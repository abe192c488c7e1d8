package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares the large objects that the tenant's rows refer to on the shared side, as they are now,
 * with those of the dedicated database, which must have no others.
 *
 * <p>Both servers make digests, piece by piece. The row fence does not stop a writer that changes
 * an object without touching the row that names it; this comparison finds it.
 */
final class LargeObjectComparison {

  private static final int TOGETHER = 100;
  private static final int PIECE = 8 << 20;

  private static final String PIECES =
      """
      SELECT number, octet_length(piece) AS length, encode(sha256(piece), 'hex') AS digest
        FROM (SELECT m.oid::bigint AS number, lo_get(m.oid, ?, ?) AS piece
                FROM pg_largeobject_metadata m WHERE m.oid = ANY (?::oid[])) p
      """;

  private final BothDatabases both;
  private final ProgressMonitor monitor;
  private final Finding finding = new Finding();

  LargeObjectComparison(BothDatabases both, ProgressMonitor monitor) {
    this.both = both;
    this.monitor = monitor;
  }

  private record Piece(int length, String digest) {}

  /** Compares all of them; counts objects. */
  Finding compare(List<TenantTable> tables) {
    try {
      List<LargeObjectColumn> columns = LargeObjectColumns.of(both.source(), tables);
      if (columns.isEmpty()) {
        return finding;
      }
      try (PreparedStatement query =
          both.source().prepareStatement(LargeObjectColumns.referenced(columns))) {
        query.setFetchSize(TOGETHER);
        try (ResultSet rows = query.executeQuery()) {
          List<Long> page = new ArrayList<>();
          while (rows.next()) {
            page.add(rows.getLong(1));
            if (page.size() == TOGETHER) {
              comparePage(page);
            }
          }
          comparePage(page);
        }
      }
      requireNoOther(columns);
      both.release();
      return finding;
    } catch (SQLException e) {
      throw PostgresFailures.translate("compare the large objects of", "the tenant", e);
    }
  }

  private void comparePage(List<Long> page) throws SQLException {
    List<Long> open = new ArrayList<>(page);
    page.clear();
    finding.compared(open.size());
    for (long offset = 0; !open.isEmpty(); offset += PIECE) {
      monitor.throwIfCancelled();
      Map<Long, Piece> shared = pieces(both.source(), open, offset);
      Map<Long, Piece> dedicated = pieces(both.target(), open, offset);
      List<Long> longer = new ArrayList<>();
      for (long number : open) {
        Piece ours = shared.get(number);
        Piece theirs = dedicated.get(number);
        if (ours == null || theirs == null) {
          finding.mismatch("large object %d exists on one side only".formatted(number));
        } else if (!ours.equals(theirs)) {
          finding.mismatch("large object %d differs".formatted(number));
        } else if (ours.length() == PIECE) {
          longer.add(number);
        }
      }
      open = longer;
    }
    monitor.update(new Progress(finding.comparedCount(), -1, "large objects", "comparing"));
  }

  private static Map<Long, Piece> pieces(Connection side, List<Long> numbers, long offset)
      throws SQLException {
    Map<Long, Piece> pieces = new HashMap<>();
    Sql.forEach(
        side,
        PIECES,
        row -> pieces.put(row.getLong(1), new Piece(row.getInt(2), row.getString(3))),
        offset,
        PIECE,
        Sql.array("int8", numbers));
    return pieces;
  }

  /** What no row of the dedicated database refers to did not come from the tenant's rows. */
  private void requireNoOther(List<LargeObjectColumn> columns) throws SQLException {
    String named =
        columns.stream()
            .map(column -> column.numbers(both.rowsOnTarget(column.table()), "true"))
            .collect(Collectors.joining(" UNION "));
    Sql.forEach(
        both.target(),
        "SELECT m.oid::bigint FROM pg_largeobject_metadata m WHERE m.oid NOT IN (%s) LIMIT 5"
            .formatted(named),
        row ->
            finding.mismatch(
                "large object %d is on the dedicated side, where no row refers to it"
                    .formatted(row.getLong(1))));
  }
}
