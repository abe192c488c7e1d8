package com.matih.tenantmigration.activities.postgres.sql;

/**
 * A table as SQL names it where its own rows are read, changed or locked.
 *
 * <p>A table from which others inherit stands for them too unless {@code ONLY} is written; a
 * partitioned one has no rows but those of its partitions, so for it {@code ONLY} would be wrong.
 *
 * @param hasChildren whether tables inherit from it, other than as its partitions
 */
public record TableRows(TableName table, boolean hasChildren) {

  /** A table from which none inherits, or one whose rows are meant with those of its partitions. */
  public static TableRows of(TableName table) {
    return new TableRows(table, false);
  }

  /**
   * SQL that is true where tables inherit from a table, but not its partitions; a session's
   * temporary ones are read by no other.
   *
   * @param table SQL for the table's oid
   */
  public static String hasChildren(String table) {
    return """
        EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid
                 WHERE i.inhparent = %s AND NOT h.relispartition AND h.relpersistence <> 't')"""
        .formatted(table);
  }

  /** The table of that name in another schema. */
  public TableRows in(String otherSchema) {
    return new TableRows(table.in(otherSchema), hasChildren);
  }

  /** What stands after FROM, UPDATE or LOCK TABLE. */
  public String sql() {
    return (hasChildren ? "ONLY " : "") + Identifiers.quote(table);
  }
}
