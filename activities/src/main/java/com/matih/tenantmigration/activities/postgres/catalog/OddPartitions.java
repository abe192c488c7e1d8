package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds partitions of a form that does not move: those that a copy of their schema leaves behind,
 * and those that would not take the same rows in another database.
 */
final class OddPartitions {

  private static final String FIND =
      """
      SELECT root.relname AS root, n.nspname, c.relname, c.relkind = 'f' AS is_foreign,
             n.oid <> root.relnamespace AS is_elsewhere, %1$s AS is_hashed_by_enum
        FROM pg_class root
        JOIN pg_namespace rn ON rn.oid = root.relnamespace
       CROSS JOIN LATERAL %2$s p
        JOIN pg_class c ON c.oid = p.relid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE rn.nspname = ? AND root.relkind = 'p' AND NOT root.relispartition
         AND (c.relkind = 'f' OR n.oid <> root.relnamespace OR %1$s OR %3$s)
       ORDER BY root.relname COLLATE "C", p.level, n.nspname COLLATE "C", c.relname COLLATE "C"
      """
          .formatted(
              isHashedByEnum("c.oid"), PartitionTrees.below("root.oid"), isBeingDetached("c.oid"));

  private OddPartitions() {}

  /** The hash of an enum is made from a number that each database gives its values anew. */
  private static String isHashedByEnum(String table) {
    return "EXISTS (SELECT 1 FROM pg_partitioned_table t CROSS JOIN LATERAL unnest(t.partclass) k"
        + " JOIN pg_opclass o ON o.oid = k WHERE t.partrelid = %s AND t.partstrat = 'h'"
            .formatted(table)
        + " AND o.opcintype = 'anyenum'::regtype)";
  }

  /** PostgreSQL 13 has no such column, and detaches at once. */
  private static String isBeingDetached(String partition) {
    return "EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = %s".formatted(partition)
        + " AND to_jsonb(i) @> '{\"inhdetachpending\": true}')";
  }

  /** All such partitions of the schema's partitioned tables. */
  static List<OddPartition> find(Connection source, String schema) throws SQLException {
    return Sql.list(
        source,
        FIND,
        row ->
            new OddPartition(
                new TableName(schema, row.getString("root")),
                new TableName(row.getString("nspname"), row.getString("relname")),
                oddity(row)),
        schema);
  }

  private static OddPartition.Oddity oddity(ResultSet row) throws SQLException {
    if (row.getBoolean("is_foreign")) {
      return OddPartition.Oddity.FOREIGN;
    }
    if (row.getBoolean("is_elsewhere")) {
      return OddPartition.Oddity.IN_ANOTHER_SCHEMA;
    }
    return row.getBoolean("is_hashed_by_enum")
        ? OddPartition.Oddity.HASHED_BY_ENUM
        : OddPartition.Oddity.DETACH_PENDING;
  }
}
