package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of the source's schema and the foreign keys between them, read from the catalog; an
 * extension's own tables come with the extension and are not among them.
 *
 * @param tables by name, in the order of their names
 * @param roots the partitioned tables of those partitions that have a foreign key of their own, or
 *     that one references by themselves
 */
public record SourceSchema(
    String name,
    Map<String, SourceTable> tables,
    List<ForeignKey> foreignKeys,
    Map<TableName, TableName> roots) {

  private static final String TABLES =
      """
      SELECT c.oid, c.relname, c.relkind, c.relpersistence = 'u' AS unlogged,
             CASE WHEN c.relkind = 'p'
                  THEN (SELECT sum(greatest(l.reltuples, 0))::bigint
                          FROM %1$s p JOIN pg_class l ON l.oid = p.relid
                         WHERE p.isleaf) END AS partition_rows,
             greatest(c.reltuples, 0)::bigint AS rows,
             CASE WHEN c.relkind = 'p'
                  THEN (SELECT sum(pg_table_size(p.relid)) FROM %1$s p
                         WHERE p.isleaf)
                  ELSE pg_table_size(c.oid) END AS bytes,
             c.relispartition
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'f')
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
         AND NOT (c.relispartition AND EXISTS (
               SELECT 1 FROM pg_class root
                WHERE root.oid = pg_partition_root(c.oid) AND root.relnamespace = n.oid))
      """
          .formatted(PartitionTrees.below("c.oid"));

  /** Tables that inherit, other than partitions; no other session reads temporary ones. */
  private static final String CHILDREN =
      """
      SELECT c.oid, n.nspname, h.relname
        FROM pg_class c
        JOIN pg_namespace pn ON pn.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhparent = c.oid
        JOIN pg_class h ON h.oid = i.inhrelid AND NOT h.relispartition
                       AND h.relpersistence <> 't'
        JOIN pg_namespace n ON n.oid = h.relnamespace
       WHERE pn.nspname = ? AND c.relkind IN ('r', 'f')
       ORDER BY c.oid, n.nspname COLLATE "C", h.relname COLLATE "C"
      """;

  private static final String COLUMNS =
      """
      SELECT c.oid, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
             a.attgenerated <> '' AS generated, a.attnotnull,
             base.typname AS base_type,
             base.typtype = 'e' OR base.typnamespace = 'pg_catalog'::regnamespace AS built_in
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN LATERAL (
             WITH RECURSIVE base AS (
               SELECT t.oid, t.typname, t.typnamespace, t.typbasetype, t.typelem, t.typlen, t.typtype
                 FROM pg_type t WHERE t.oid = a.atttypid
               UNION ALL
               SELECT t.oid, t.typname, t.typnamespace, t.typbasetype, t.typelem, t.typlen, t.typtype
                 FROM base b JOIN pg_type t
                   ON t.oid = CASE WHEN b.typtype = 'd' THEN b.typbasetype
                                   WHEN b.typlen = -1 THEN b.typelem END)
             SELECT * FROM base
              WHERE typtype <> 'd' AND NOT (typlen = -1 AND typelem <> 0) LIMIT 1) base ON true
       WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'f')
       ORDER BY c.oid, a.attnum
      """;

  private static final String PRIMARY_KEYS =
      """
      SELECT i.indrelid, a.attname
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
       WHERE n.nspname = ? AND i.indisprimary
       ORDER BY i.indrelid, k.place
      """;

  private static final String FOREIGN_KEYS =
      """
      SELECT con.conname, c.relname, rn.nspname AS referenced_schema, r.relname AS referenced,
             pairs.*, con.convalidated,
             NOT EXISTS (SELECT 1 FROM pg_attribute a
                          WHERE a.attrelid = con.conrelid AND a.attnum = ANY (con.conkey)
                            AND NOT a.attnotnull) AS mandatory,
             %1$s AS has_children, %2$s AS referenced_has_children
        FROM pg_constraint con
        JOIN pg_class c ON c.oid = con.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class r ON r.oid = con.confrelid
        JOIN pg_namespace rn ON rn.oid = r.relnamespace
       CROSS JOIN LATERAL (
             SELECT array_agg(ca.attname::text ORDER BY k.place) AS columns,
                    array_agg(ra.attname::text ORDER BY k.place) AS referenced_columns,
                    array_agg(s.nspname::text ORDER BY k.place) AS operator_schemas,
                    array_agg(o.oprname::text ORDER BY k.place) AS operators,
                    array_agg(CASE WHEN rt.oid <> ra.atttypid AND rt.typtype <> 'p'
                                    AND rt.typnamespace = 'pg_catalog'::regnamespace
                                   THEN rt.typname::text ELSE '' END
                              ORDER BY k.place) AS referenced_casts,
                    array_agg(CASE WHEN ct.oid <> ca.atttypid AND ct.typtype <> 'p'
                                    AND ct.typnamespace = 'pg_catalog'::regnamespace
                                   THEN ct.typname::text ELSE '' END
                              ORDER BY k.place) AS casts
               FROM unnest(con.conkey, con.confkey, con.conpfeqop)
                    WITH ORDINALITY k(referencing, referenced, operator, place)
               JOIN pg_attribute ca ON ca.attrelid = con.conrelid AND ca.attnum = k.referencing
               JOIN pg_attribute ra ON ra.attrelid = con.confrelid AND ra.attnum = k.referenced
               JOIN pg_operator o ON o.oid = k.operator
               JOIN pg_namespace s ON s.oid = o.oprnamespace
               JOIN pg_type rt ON rt.oid = o.oprleft
               JOIN pg_type ct ON ct.oid = o.oprright) pairs
       WHERE n.nspname = ? AND con.contype = 'f' AND con.conparentid = 0
       ORDER BY c.relname COLLATE "C", con.conname COLLATE "C"
      """
          .formatted(TableRows.hasChildren("con.conrelid"), TableRows.hasChildren("con.confrelid"));

  private static final String ROOTS =
      """
      SELECT n.nspname, c.relname, rn.nspname AS root_schema, r.relname AS root
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class r ON r.oid = pg_partition_root(c.oid)
        JOIN pg_namespace rn ON rn.oid = r.relnamespace
       WHERE c.relispartition
         AND EXISTS (SELECT 1 FROM pg_constraint con
                      WHERE con.contype = 'f' AND con.conparentid = 0
                        AND c.oid IN (con.conrelid, con.confrelid))
      """;

  public SourceSchema {
    tables = Collections.unmodifiableMap(tables);
    foreignKeys = List.copyOf(foreignKeys);
    roots = Map.copyOf(roots);
  }

  /** Reads the schema; empty where there is none of that name. */
  public static SourceSchema read(Connection source, String schema) throws SQLException {
    Map<Long, List<SourceTable.Column>> columns = columns(source, schema);
    Map<Long, List<String>> primaryKeys = primaryKeys(source, schema);
    Map<Long, List<TableName>> children = children(source, schema);
    Map<String, SourceTable> tables = new TreeMap<>();
    Sql.forEach(
        source,
        TABLES,
        row -> {
          long oid = row.getLong("oid");
          List<TableName> heirs = children.getOrDefault(oid, List.of());
          SourceTable.Kind kind = kind(row, heirs, schema);
          tables.put(
              row.getString("relname"),
              new SourceTable(
                  oid,
                  new TableName(schema, row.getString("relname")),
                  kind,
                  row.getBoolean("unlogged"),
                  row.getLong(kind == SourceTable.Kind.PARTITIONED ? "partition_rows" : "rows"),
                  row.getLong("bytes"),
                  columns.getOrDefault(oid, List.of()),
                  primaryKeys.getOrDefault(oid, List.of()),
                  heirs));
        },
        schema);
    return new SourceSchema(schema, tables, foreignKeys(source, schema), roots(source));
  }

  /** The table whose rule holds for the rows of one: of a partition, its partitioned table. */
  public TableName root(TableName table) {
    return roots.getOrDefault(table, table);
  }

  private static Map<TableName, TableName> roots(Connection source) throws SQLException {
    Map<TableName, TableName> roots = new HashMap<>();
    Sql.forEach(
        source,
        ROOTS,
        row ->
            roots.put(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4))));
    return roots;
  }

  /** Whether the schema exists, with tables or without. */
  public static boolean exists(Connection source, String schema) throws SQLException {
    return Sql.text(source, "SELECT 1 FROM pg_namespace WHERE nspname = ?", schema).isPresent();
  }

  /** The foreign keys of one table. */
  public List<ForeignKey> foreignKeysOf(TableName table) {
    return foreignKeys.stream().filter(key -> key.table().equals(table)).toList();
  }

  /** The foreign keys of this schema's tables that reference one table. */
  public List<ForeignKey> foreignKeysTo(TableName table) {
    return foreignKeys.stream().filter(key -> key.referenced().equals(table)).toList();
  }

  private static SourceTable.Kind kind(ResultSet row, List<TableName> children, String schema)
      throws SQLException {
    if (row.getBoolean("relispartition")) {
      return SourceTable.Kind.PARTITION_OF_ELSEWHERE;
    }
    String kind = row.getString("relkind");
    if (kind.equals("f")) {
      return SourceTable.Kind.FOREIGN;
    }
    if (children.stream().anyMatch(child -> !child.schema().equals(schema))) {
      return SourceTable.Kind.INHERITED_ELSEWHERE;
    }
    return kind.equals("p") ? SourceTable.Kind.PARTITIONED : SourceTable.Kind.ORDINARY;
  }

  private static Map<Long, List<TableName>> children(Connection source, String schema)
      throws SQLException {
    Map<Long, List<TableName>> children = new HashMap<>();
    Sql.forEach(
        source,
        CHILDREN,
        row ->
            children
                .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                .add(new TableName(row.getString("nspname"), row.getString("relname"))),
        schema);
    return children;
  }

  private static Map<Long, List<SourceTable.Column>> columns(Connection source, String schema)
      throws SQLException {
    Map<Long, List<SourceTable.Column>> columns = new HashMap<>();
    Sql.forEach(
        source,
        COLUMNS,
        row ->
            columns
                .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                .add(
                    new SourceTable.Column(
                        row.getString("attname"),
                        row.getString("type"),
                        row.getString("base_type"),
                        row.getBoolean("built_in"),
                        row.getBoolean("generated"),
                        row.getBoolean("attnotnull"))),
        schema);
    return columns;
  }

  private static Map<Long, List<String>> primaryKeys(Connection source, String schema)
      throws SQLException {
    Map<Long, List<String>> keys = new HashMap<>();
    Sql.forEach(
        source,
        PRIMARY_KEYS,
        row -> keys.computeIfAbsent(row.getLong(1), oid -> new ArrayList<>()).add(row.getString(2)),
        schema);
    return keys;
  }

  private static List<ForeignKey> foreignKeys(Connection source, String schema)
      throws SQLException {
    return Sql.list(
        source,
        FOREIGN_KEYS,
        row ->
            new ForeignKey(
                row.getString("conname"),
                new TableName(schema, row.getString("relname")),
                texts(row.getArray("columns")),
                new TableName(row.getString("referenced_schema"), row.getString("referenced")),
                texts(row.getArray("referenced_columns")),
                equalities(row),
                row.getBoolean("convalidated"),
                row.getBoolean("mandatory"),
                row.getBoolean("has_children"),
                row.getBoolean("referenced_has_children")),
        schema);
  }

  private static List<ForeignKey.Equality> equalities(ResultSet row) throws SQLException {
    List<String> schemas = texts(row.getArray("operator_schemas"));
    List<String> operators = texts(row.getArray("operators"));
    List<String> referencedCasts = texts(row.getArray("referenced_casts"));
    List<String> casts = texts(row.getArray("casts"));
    List<ForeignKey.Equality> equalities = new ArrayList<>();
    for (int i = 0; i < operators.size(); i++) {
      equalities.add(
          new ForeignKey.Equality(
              schemas.get(i), operators.get(i), referencedCasts.get(i), casts.get(i)));
    }
    return equalities;
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
