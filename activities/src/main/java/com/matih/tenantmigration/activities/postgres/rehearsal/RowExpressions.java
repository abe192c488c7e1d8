package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the server evaluates when rows of a table are loaded, as the catalog tells it: CHECK
 * constraints of the table, of its partitions and of its columns' domains, and generated columns.
 *
 * <p>Constraints that are NOT VALID are left out: they arrive so, after the rows.
 */
final class RowExpressions {

  private static final String CHECKS =
      """
      WITH RECURSIVE tree(oid) AS (
        SELECT ?::text::regclass::oid
         UNION ALL
        SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
          JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition)
      SELECT k.conname, pg_get_constraintdef(k.oid) AS definition,
             -- the whole row is told by the table's name, which is t in the query
             replace(pg_get_expr(k.conbin, k.conrelid), quote_ident(c.relname) || '.*', 't.*')
               AS expression,
             n.nspname, c.relname
        FROM tree
        JOIN pg_constraint k ON k.conrelid = tree.oid AND k.contype = 'c' AND k.convalidated
        JOIN pg_class c ON c.oid = k.conrelid
                       -- a partition's inherited one is asked of all rows by its table
                       AND (k.coninhcount = 0 OR NOT c.relispartition)
        JOIN pg_namespace n ON n.oid = c.relnamespace
       ORDER BY k.conname
      """;

  /** In a domain's expression its value is called VALUE, as no column needs to be quoted. */
  private static final String DOMAIN_CHECKS =
      """
      WITH RECURSIVE domain(attname, oid, base, typmod) AS (
        SELECT a.attname, t.oid, t.typbasetype, t.typtypmod
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
         WHERE a.attrelid = ?::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
        SELECT d.attname, t.oid, t.typbasetype, t.typtypmod
          FROM domain d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd')
      SELECT k.conname, pg_get_constraintdef(k.oid) AS definition,
             substring(pg_get_constraintdef(k.oid) FROM '^CHECK (\\(.*\\))') AS expression,
             d.attname, format_type(d.base, d.typmod) AS base_type
        FROM domain d
        JOIN pg_constraint k ON k.contypid = d.oid AND k.contype = 'c' AND k.convalidated
       ORDER BY d.attname, k.conname
      """;

  private static final String GENERATED =
      """
      SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) AS expression,
             format_type(a.atttypid, a.atttypmod) AS type
        FROM pg_attribute a
        JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = ?::text::regclass AND a.attgenerated = 's' AND NOT a.attisdropped
       ORDER BY a.attnum
      """;

  /** Asked once for all tables: most evaluate nothing. */
  private static final String EVALUATING =
      """
      SELECT DISTINCT n.nspname, root.relname
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class root ON root.oid = coalesce(pg_partition_root(c.oid), c.oid)
       WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p')
         AND (EXISTS (SELECT 1 FROM pg_constraint k
                       WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated)
              OR EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                            AND (a.attgenerated <> '' OR t.typtype = 'd'))
              OR EXISTS (SELECT 1 FROM pg_index i
                          WHERE i.indrelid = c.oid
                            AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)))
      """;

  private RowExpressions() {}

  /** Whose violation is counted. */
  enum Kind {
    CHECK,
    GENERATED
  }

  /**
   * Something that is evaluated for each row.
   *
   * @param name the constraint or the generated column
   * @param definition as SQL, for people
   * @param from the table, or a query over it, in which {@code t} is the table
   * @param wrong SQL over it that is true for a row that would not arrive as it is
   */
  record Evaluated(Kind kind, String name, String definition, TableName from, String wrong) {}

  /** All of a table; the table may be partitioned. */
  static List<Evaluated> of(Connection connection, TableName table) throws SQLException {
    String quoted = Identifiers.quote(table);
    List<Evaluated> all =
        new ArrayList<>(
            Sql.list(
                connection,
                CHECKS,
                row ->
                    new Evaluated(
                        Kind.CHECK,
                        row.getString("conname"),
                        row.getString("definition"),
                        new TableName(row.getString("nspname"), row.getString("relname")),
                        "(%s) IS FALSE".formatted(row.getString("expression"))),
                quoted));
    all.addAll(
        Sql.list(
            connection,
            DOMAIN_CHECKS,
            row ->
                new Evaluated(
                    Kind.CHECK,
                    row.getString("conname"),
                    "%s of the domain of column %s"
                        .formatted(row.getString("definition"), row.getString("attname")),
                    table,
                    "(SELECT %s IS FALSE FROM (SELECT t.%s::%s AS value) AS domain)"
                        .formatted(
                            row.getString("expression"),
                            Identifiers.quote(row.getString("attname")),
                            row.getString("base_type"))),
            quoted));
    all.addAll(
        Sql.list(
            connection,
            GENERATED,
            row ->
                new Evaluated(
                    Kind.GENERATED,
                    row.getString("attname"),
                    row.getString("expression"),
                    table,
                    "t.%s::text IS DISTINCT FROM ((%s)::%s)::text"
                        .formatted(
                            Identifiers.quote(row.getString("attname")),
                            row.getString("expression"),
                            row.getString("type"))),
            quoted));
    return all;
  }

  /** Tables of the schemas of these, partitioned ones by their roots, that evaluate anything. */
  static Set<TableName> evaluating(Connection connection, List<TenantTable> tables)
      throws SQLException {
    Set<String> schemas =
        tables.stream().map(table -> table.name().schema()).collect(Collectors.toSet());
    return Set.copyOf(
        Sql.list(
            connection,
            EVALUATING,
            row -> new TableName(row.getString(1), row.getString(2)),
            Sql.array("name", schemas)));
  }
}
