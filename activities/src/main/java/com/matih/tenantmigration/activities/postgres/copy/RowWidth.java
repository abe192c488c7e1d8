package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * How many bytes the largest of some rows has, asked of the server without reading what lies
 * outside of the table itself.
 *
 * <p>The length of a text or of bytes stands beside it. Of another type only the compressed size
 * does, so a value that is large even so is made a text, which has about as many bytes as its
 * binary form.
 */
public final class RowWidth {

  /** A row comes through the worker whole: COPY's protocol has no smaller piece. */
  private static final long LARGEST_BYTES = 128L << 20;

  private static final int SHARE_OF_HEAP = 8;

  /** Compressed values are looked into above this many bytes. */
  private static final int LOOKED_INTO = 100_000;

  private static final String COLUMNS =
      """
      SELECT a.attname, t.typname IN ('text', 'varchar', 'bpchar', 'bytea') AS has_length
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       WHERE a.attrelid = ?::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
         AND a.attlen = -1 AND a.attgenerated = ''
       ORDER BY a.attnum
      """;

  private RowWidth() {}

  /** The largest row that a worker of this size can move. */
  public static long largest() {
    return Math.min(LARGEST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** SQL for the bytes of a row's variable columns, over the alias {@code t}. */
  public static String expression(Connection connection, TableName table) throws SQLException {
    List<String> widths =
        Sql.list(
            connection,
            COLUMNS,
            column -> width("t." + Identifiers.quote(column.getString(1)), column.getBoolean(2)),
            Identifiers.quote(table));
    return widths.isEmpty() ? "0" : String.join(" + ", widths);
  }

  private static String width(String column, boolean hasLength) {
    return "coalesce(%s, 0)"
        .formatted(
            hasLength
                ? "octet_length(%s)".formatted(column)
                : "CASE WHEN pg_column_size(%1$s) > %2$d THEN octet_length(%1$s::text) ELSE pg_column_size(%1$s) END"
                    .formatted(column, LOOKED_INTO));
  }

  /**
   * The bytes of the largest row.
   *
   * @param from what stands after FROM, with the alias {@code t}
   */
  static long widest(Connection connection, TableName table, String from, String condition)
      throws SQLException {
    String sql =
        "SELECT coalesce(max((%s)::bigint), 0) FROM %s WHERE %s"
            .formatted(expression(connection, table), from, condition);
    return Sql.number(connection, sql);
  }
}
