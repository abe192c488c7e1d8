package com.matih.tenantmigration.activities.postgres.sql;

/**
 * SQL for the partitions below a table, read from the catalog alone.
 *
 * <p>{@code pg_partition_tree} locks each partition until its transaction ends, and asked for many
 * tables in one statement it would fill the server's lock table. Tables that inherit from one are
 * no partitions of it.
 */
public final class PartitionTrees {

  private PartitionTrees() {}

  /**
   * A table expression with columns {@code relid}, {@code level} and {@code isleaf}, the root among
   * them.
   *
   * @param root SQL for the root's oid, which may refer to what stands before in the FROM clause
   */
  public static String below(String root) {
    return """
        (WITH RECURSIVE tree(relid, level) AS (
           SELECT %s, 0
            UNION ALL
           SELECT i.inhrelid, tree.level + 1
             FROM tree JOIN pg_inherits i ON i.inhparent = tree.relid
             JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition)
         SELECT relid, level,
                NOT EXISTS (SELECT 1 FROM pg_partitioned_table e WHERE e.partrelid = tree.relid)
                  AS isleaf
           FROM tree)"""
        .formatted(root);
  }
}
