package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Knows how each column's value becomes bytes on which two servers agree.
 *
 * <p>The server's own types have a binary form, made by the type's send function, that keeps every
 * difference (1.0 and 1.00, two spellings of an interval) and costs little. What holds an object's
 * number of one database is taken as text instead: types of the database's own and arrays of them,
 * composite types, and names of objects such as {@code regclass}.
 */
final class ColumnBytes {

  private static final String SEND_FUNCTIONS =
      """
      SELECT n.nspname, c.relname, a.attname, s.proname
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_proc s ON s.oid = t.typsend AND s.pronamespace = 'pg_catalog'::regnamespace
        LEFT JOIN pg_type e ON e.oid = t.typelem
        LEFT JOIN pg_proc f ON f.oid = e.typsend
       WHERE (n.nspname = ? OR n.nspname = ANY (?))
         AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND s.proname <> 'record_send' AND s.proname !~ '^reg[a-z]+send$'
         AND (s.proname <> 'array_send'
              OR e.typnamespace = 'pg_catalog'::regnamespace AND e.typtype = 'b'
                 AND f.proname !~ '^reg[a-z]+send$')
      """;

  private record Column(TableName table, String name) {}

  private final Map<Column, String> sendFunctions;

  private ColumnBytes(Map<Column, String> sendFunctions) {
    this.sendFunctions = sendFunctions;
  }

  /** Reads the types of all columns of a schema, and of others. */
  static ColumnBytes read(Connection side, String schema, Set<String> others) {
    Map<Column, String> functions = new HashMap<>();
    try {
      Sql.forEach(
          side,
          SEND_FUNCTIONS,
          row ->
              functions.put(
                  new Column(new TableName(row.getString(1), row.getString(2)), row.getString(3)),
                  row.getString(4)),
          schema,
          Sql.array("name", others));
      return new ColumnBytes(functions);
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the column types of schema", schema, e);
    }
  }

  /** An SQL expression of type {@code bytea} for a column of a table with the alias {@code t}. */
  String of(TableName table, String column) {
    String value = "t." + Identifiers.quote(column);
    String function = sendFunctions.get(new Column(table, column));
    return function == null
        ? ofText(value + "::text")
        : "pg_catalog.%s(%s)".formatted(Identifiers.quote(function), value);
  }

  /** The same for an expression that is a text. */
  static String ofText(String expression) {
    return "pg_catalog.textsend(%s)".formatted(expression);
  }
}
