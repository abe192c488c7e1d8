package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses partitions by their form: those that a copy of their schema leaves behind, and those that
 * would not take the same rows in another database.
 */
final class PartitionMovability {

  private static final String ODD_PARTITIONS =
      """
      SELECT root.relname AS root, n.nspname, c.relname, c.relkind = 'f' AS is_foreign,
             n.oid <> root.relnamespace AS is_elsewhere
        FROM pg_class root
        JOIN pg_namespace rn ON rn.oid = root.relnamespace
       CROSS JOIN LATERAL %s p
        JOIN pg_class c ON c.oid = p.relid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE rn.nspname = ? AND root.relkind = 'p' AND NOT root.relispartition
         AND (c.relkind = 'f' OR n.oid <> root.relnamespace OR %s)
       ORDER BY root.relname COLLATE "C", p.level, n.nspname COLLATE "C", c.relname COLLATE "C"
      """
          .formatted(PartitionTrees.below("root.oid"), isHashedByEnum("c.oid"));

  private PartitionMovability() {}

  /** The hash of an enum is made from a number that each database gives its values anew. */
  private static String isHashedByEnum(String table) {
    return "EXISTS (SELECT 1 FROM pg_partitioned_table t CROSS JOIN LATERAL unnest(t.partclass) k"
        + " JOIN pg_opclass o ON o.oid = k WHERE t.partrelid = %s AND t.partstrat = 'h'"
            .formatted(table)
        + " AND o.opcintype = 'anyenum'::regtype)";
  }

  /**
   * Looks at all partitions of the schema's partitioned tables.
   *
   * @param staying the tables that do not move anyway
   * @return the partitioned tables that cannot move
   */
  static Set<String> examine(
      Connection source, String schema, Set<String> staying, CatalogFindings findings)
      throws SQLException {
    Set<String> refused = new TreeSet<>();
    Sql.forEach(
        source,
        ODD_PARTITIONS,
        row -> {
          String root = row.getString("root");
          if (!staying.contains(root)) {
            refuse(row, new TableName(schema, root), findings);
            refused.add(root);
          }
        },
        schema);
    return refused;
  }

  private static void refuse(ResultSet row, TableName root, CatalogFindings findings)
      throws SQLException {
    TableName partition = new TableName(row.getString("nspname"), row.getString("relname"));
    if (row.getBoolean("is_foreign")) {
      findings.refuse(
          partition,
          "is a foreign table and a partition of %s: its rows are on another server"
              .formatted(root),
          "Detach it, or name %s in excludeTables.".formatted(root));
    } else if (row.getBoolean("is_elsewhere")) {
      findings.refuse(
          partition,
          "is a partition of %s in another schema, which is not migrated".formatted(root),
          "ALTER TABLE … SET SCHEMA %s, or name %s in excludeTables."
              .formatted(Identifiers.quote(root.schema()), root));
    } else {
      findings.refuse(
          partition,
          "is partitioned by the hash of an enum, whose values hash differently in each database",
          "Partition it by LIST or by another column, or name %s in excludeTables."
              .formatted(root));
    }
  }
}
