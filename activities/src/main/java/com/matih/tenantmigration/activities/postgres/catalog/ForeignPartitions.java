package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds partitions that can hold no row of the tenant, since their bounds are about the tenant
 * column alone and leave the tenant's key out. Their names and bounds tell who the neighbours are.
 */
final class ForeignPartitions {

  private static final Pattern LIST = Pattern.compile("FOR VALUES IN \\((.*)\\)", Pattern.DOTALL);
  private static final Pattern RANGE =
      Pattern.compile("FOR VALUES FROM \\((.*)\\) TO \\((.*)\\)", Pattern.DOTALL);

  /** The first value of a bound, and the next where a range is one of several columns. */
  private static final Pattern VALUES =
      Pattern.compile("(E?'(?:[^']|'')*+'|[^,']++)(?:, (MINVALUE|MAXVALUE|.*))?", Pattern.DOTALL);

  /** Partitions whose parent is partitioned by list or by range, with the first column of these. */
  private static final String BOUNDS =
      """
      SELECT root.relname AS root, c.oid, c.relname, a.attname AS partitioned_by,
             format_type(a.atttypid, -1) || coalesce(
               ' COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(co.collname), '')
               AS type, pg_get_expr(c.relpartbound, c.oid) AS bound
        FROM pg_class root
        JOIN pg_namespace rn ON rn.oid = root.relnamespace
       CROSS JOIN LATERAL %s p
        JOIN pg_inherits i ON i.inhrelid = p.relid
        JOIN pg_class c ON c.oid = p.relid AND c.relispartition AND c.relnamespace = rn.oid
        JOIN pg_partitioned_table t ON t.partrelid = i.inhparent AND t.partstrat IN ('l', 'r')
         AND t.partattrs[0] > 0
        JOIN pg_opclass o ON o.oid = t.partclass[0] AND o.opcdefault
        LEFT JOIN pg_collation co ON co.oid = t.partcollation[0]
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        JOIN pg_attribute a ON a.attrelid = i.inhparent AND a.attnum = t.partattrs[0]
       WHERE rn.nspname = ? AND root.relkind = 'p' AND NOT root.relispartition
       ORDER BY p.level, c.relname COLLATE "C"
      """
          .formatted(PartitionTrees.below("root.oid"));

  private static final String BELOW =
      "SELECT c.relname FROM %s p JOIN pg_class c ON c.oid = p.relid"
          .formatted(PartitionTrees.below("?::bigint::oid"));

  private ForeignPartitions() {}

  /**
   * A partition's bound.
   *
   * @param type of the column, whatever its length, with the collation by which rows are assigned
   */
  private record Bound(
      String root, long oid, String name, String column, String type, String text) {}

  /**
   * The partitions by their roots, with all that lies below them.
   *
   * @param columns by the root's name, the tenant column of the tables that have one
   * @param isNullOurs whether rows without a tenant move too
   */
  static Map<String, Set<String>> find(
      Connection source,
      String schema,
      Map<String, String> columns,
      String tenantKey,
      boolean isNullOurs)
      throws SQLException {
    List<Bound> bounds =
        Sql.list(
            source,
            BOUNDS,
            row ->
                new Bound(
                    row.getString("root"),
                    row.getLong("oid"),
                    row.getString("relname"),
                    row.getString("partitioned_by"),
                    row.getString("type"),
                    row.getString("bound")),
            schema);
    Map<String, Set<String>> foreign = new TreeMap<>();
    for (Bound bound : bounds) {
      Optional<String> holds =
          bound.column().equals(columns.get(bound.root()))
              ? condition(bound, tenantKey, isNullOurs)
              : Optional.empty();
      if (holds.isPresent() && !Sql.isTrue(source, "SELECT (%s) IS TRUE".formatted(holds.get()))) {
        foreign
            .computeIfAbsent(bound.root(), root -> new TreeSet<>())
            .addAll(Sql.texts(source, BELOW, bound.oid()));
      }
    }
    return foreign;
  }

  /** What a bound says of the first column, as SQL. */
  static List<String> firstValues(String bound) {
    Matcher list = LIST.matcher(bound);
    if (list.matches()) {
      return List.of(list.group(1));
    }
    Matcher range = RANGE.matcher(bound);
    if (!range.matches()) {
      return List.of();
    }
    return Stream.of(range.group(1), range.group(2))
        .map(VALUES::matcher)
        .filter(Matcher::matches)
        .map(values -> values.group(1))
        .toList();
  }

  /** SQL that is true where the bounds let a row of the tenant in; empty where all may be there. */
  private static Optional<String> condition(Bound bound, String tenantKey, boolean isNullOurs) {
    String key = "%s::%s".formatted(SqlLiterals.quote(tenantKey), bound.type());
    Matcher list = LIST.matcher(bound.text());
    if (list.matches()) {
      String in = "%s IN (%s)".formatted(key, list.group(1));
      return Optional.of(isNullOurs && list.group(1).matches("(.*, )?NULL(, .*)?") ? "true" : in);
    }
    Matcher range = RANGE.matcher(bound.text());
    if (!range.matches()) {
      return Optional.empty();
    }
    Matcher from = VALUES.matcher(range.group(1));
    Matcher to = VALUES.matcher(range.group(2));
    if (!from.matches() || !to.matches()) {
      return Optional.empty();
    }
    List<String> conditions = new ArrayList<>(List.of("true"));
    if (!from.group(1).equals("MINVALUE")) {
      boolean isBeyond = "MAXVALUE".equals(from.group(2));
      conditions.add("%s %s %s".formatted(key, isBeyond ? ">" : ">=", from.group(1)));
    }
    if (!to.group(1).equals("MAXVALUE")) {
      // with more columns, some of the rows with the last value may be within
      boolean isWithin = to.group(2) != null && !to.group(2).equals("MINVALUE");
      conditions.add("%s %s %s".formatted(key, isWithin ? "<=" : "<", to.group(1)));
    }
    return Optional.of(String.join(" AND ", conditions));
  }
}
