package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.LateCheck;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * CHECK constraints of tables that call a function which users wrote: it may read other tables,
 * whose rows have not arrived when this table's do.
 *
 * <p>Functions in C, PostgreSQL's own among them, and those of extensions are known not to. A
 * domain's constraint is not among these: it is evaluated wherever a value of the domain is made.
 *
 * @param ids of their entries in an archive, which has some apart from their tables: those that
 *     take the whole row
 */
record SourceChecks(List<LateCheck> checks, Set<ObjectId> ids) {

  private static final String CHECKS =
      """
      SELECT n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
             obj_description(k.oid, 'pg_constraint'), k.tableoid::bigint, k.oid::bigint
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE (n.nspname = ? OR n.nspname = ANY (?)) AND k.contype = 'c' AND k.convalidated
         AND (k.coninhcount = 0 OR (k.conislocal AND NOT c.relispartition))
         AND c.relkind IN ('r', 'p')
         AND EXISTS (
               SELECT 1
                 FROM pg_depend d
                 LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass
                                        AND o.oid = d.refobjid
                 JOIN pg_proc f ON f.oid = CASE WHEN d.refclassid = 'pg_proc'::regclass
                                                THEN d.refobjid ELSE o.oprcode END
                 JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
                WHERE d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
                  AND f.pronamespace <> 'pg_catalog'::regnamespace
                  AND NOT EXISTS (SELECT 1 FROM pg_depend e
                                   WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                                     AND e.deptype = 'e'))
       -- a table that states what it inherits as well comes after what it inherits from
       ORDER BY (WITH RECURSIVE up(oid, depth) AS (
                   SELECT c.oid, 0
                    UNION ALL
                   SELECT i.inhparent, up.depth + 1
                     FROM up JOIN pg_inherits i ON i.inhrelid = up.oid)
                 SELECT max(depth) FROM up), n.nspname, c.relname, k.conname
      """;

  private record Found(LateCheck check, ObjectId id) {}

  /**
   * Reads them.
   *
   * @param staying tables of the schema that stay behind
   */
  static SourceChecks read(
      Connection transaction, String schema, Set<String> staying, Collection<String> others)
      throws SQLException {
    String path =
        Sql.one(transaction, "SELECT current_setting('search_path')", row -> row.getString(1));
    // so that the definitions name everything with its schema
    Sql.execute(transaction, "SET LOCAL search_path = pg_catalog");
    List<Found> found =
        Sql.list(
            transaction,
            CHECKS,
            row ->
                new Found(
                    new LateCheck(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)),
                    new ObjectId(row.getLong(6), row.getLong(7))),
            schema,
            Sql.array("name", others));
    Sql.execute(transaction, "SELECT set_config('search_path', ?, true)", path);
    return new SourceChecks(
        found.stream()
            .map(Found::check)
            .filter(check -> !(check.schema().equals(schema) && staying.contains(check.table())))
            .toList(),
        found.stream().map(Found::id).collect(Collectors.toSet()));
  }
}
