package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns of moving tables that can refer to large objects: of type {@code oid}, or of a domain
 * over it, as the type of the extension {@code lo} is.
 *
 * <p>Whether an {@code oid} is a large object's is not in the catalog. The plan refuses columns
 * with other numbers in them, so later the large objects that a column names are those that exist.
 */
public final class LargeObjectColumns {

  private static final String COLUMNS =
      """
      SELECT c.relname, a.attname, coalesce(e.extname = 'lo', false) AS declared
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = a.atttypid
                             AND d.deptype = 'e'
        LEFT JOIN pg_extension e ON e.oid = d.refobjid
       WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
         AND a.attgenerated = '' AND a.atttypid IN (
             WITH RECURSIVE named(oid) AS (
               SELECT 'pg_catalog.oid'::regtype::oid
               UNION ALL
               SELECT t.oid FROM named JOIN pg_type t ON t.typbasetype = named.oid)
             SELECT oid FROM named)
       ORDER BY c.relname COLLATE "C", a.attnum
      """;

  private LargeObjectColumns() {}

  /**
   * A column.
   *
   * @param declared whether its type says that it holds large objects
   */
  public record LargeObjectColumn(TenantTable table, String column, boolean declared) {

    /** The table's name with the column's. */
    @Override
    public String toString() {
      return table.name() + "." + column;
    }

    /** A query for the numbers in the rows that move. */
    public String numbers() {
      return numbers(table.rows(), table.predicate());
    }

    /** A query for the numbers in the rows of another copy of the table. */
    public String numbers(TableRows copy, String predicate) {
      String name = "t." + Identifiers.quote(column);
      return "SELECT %1$s::oid AS number FROM %2$s AS t WHERE (%3$s) AND %1$s <> 0"
          .formatted(name, copy.sql(), predicate);
    }
  }

  /** The columns of the tables that move. */
  public static List<LargeObjectColumn> of(Connection source, List<TenantTable> tables)
      throws SQLException {
    Map<String, TenantTable> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name().table(), table));
    List<LargeObjectColumn> columns = new ArrayList<>();
    if (tables.isEmpty()) {
      return columns;
    }
    Sql.forEach(
        source,
        COLUMNS,
        row -> {
          TenantTable table = byName.get(row.getString("relname"));
          if (table != null) {
            columns.add(
                new LargeObjectColumn(table, row.getString("attname"), row.getBoolean("declared")));
          }
        },
        tables.get(0).name().schema());
    return columns;
  }

  /** A query for the numbers of all large objects that the rows that move refer to, each once. */
  public static String referenced(List<LargeObjectColumn> columns) {
    return columns.stream()
        .map(LargeObjectColumn::numbers)
        .collect(
            Collectors.joining(
                " UNION ",
                "SELECT m.oid::bigint AS number FROM pg_largeobject_metadata m JOIN (",
                ") r ON r.number = m.oid"));
  }
}
