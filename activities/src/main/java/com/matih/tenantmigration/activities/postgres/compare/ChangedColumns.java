package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.CheckResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names the columns in which a row differs, for the first rows that do: a look at one row on each
 * side. The values themselves are the tenant's and are not told.
 */
final class ChangedColumns {

  private final RowOrigin origin;
  private final BothDatabases both;
  private final TenantTable table;
  private final List<String> columns;
  private int described;

  ChangedColumns(RowOrigin origin, BothDatabases both, TenantTable table, List<String> columns) {
    this.origin = origin;
    this.both = both;
    this.table = table;
    this.columns = columns;
  }

  /** Such as {@code " in status, updated_at"}; empty once enough rows were described. */
  String describe(String key) {
    if (++described > CheckResult.NAMED_MISMATCHES || table.primaryKey().isEmpty()) {
      return "";
    }
    List<@Nullable String> here =
        row(
            origin.connection(),
            origin.rows(),
            origin.predicate(),
            key,
            sourceTexts(table.primaryKey()),
            sourceTexts(columns));
    List<@Nullable String> there =
        row(
            both.target(),
            both.rowsOnTarget(table),
            "true",
            key,
            texts(table.primaryKey()),
            texts(columns));
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
      if (!Objects.equals(here.get(i), there.get(i))) {
        changed.add(columns.get(i));
      }
    }
    return changed.isEmpty() ? "" : " in " + String.join(", ", changed);
  }

  private List<String> sourceTexts(List<String> of) {
    return of.stream().map(column -> RowComparison.sourceText(both, table, column)).toList();
  }

  private static List<String> texts(List<String> of) {
    return of.stream().map(RowComparison::text).toList();
  }

  private List<@Nullable String> row(
      Connection side,
      TableRows rows,
      String predicate,
      String key,
      List<String> keys,
      List<String> texts) {
    // a value can be large, and only whether it differs is asked
    String digests =
        texts.stream()
            .map("encode(sha256(convert_to(%s, 'UTF8')), 'hex')"::formatted)
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT %s FROM %s AS t WHERE (%s) AND %s = ?"
            .formatted(digests, rows.sql(), predicate, SortedRows.key(keys));
    try {
      return Sql.first(side, sql, row -> values(row, texts.size()), key).orElse(List.of());
    } catch (SQLException e) {
      throw PostgresFailures.translate("read a row of", rows.table().toString(), e);
    }
  }

  private static List<@Nullable String> values(ResultSet row, int columns) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      values.add(row.getString(i));
    }
    return values;
  }
}
