package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Warns of columns and functions that keep numbers of the server's own counters, whatever type they
 * have: transactions and positions in the log begin anew on the dedicated server.
 */
final class ClusterCounters {

  private static final String CALLS =
      "(pg_current_xact_id|txid_current|pg_current_snapshot|pg_snapshot_x|txid_snapshot_x"
          + "|pg_current_wal|pg_last_wal|pg_logical_emit_message|pg_xact_commit_timestamp)";

  private static final String USES =
      """
      SELECT n.nspname || '.' || c.relname AS object,
             'has the column ' || a.attname || ' (' || format_type(a.atttypid, a.atttypmod)
             || '), whose default is' AS what,
             substring(pg_get_expr(d.adbin, d.adrelid) FROM ?) AS call
        FROM pg_attrdef d
        JOIN pg_class c ON c.oid = d.adrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
       WHERE n.nspname = ? AND pg_get_expr(d.adbin, d.adrelid) ~ ?
      UNION ALL
      SELECT format('%I.%I(%s)', n.nspname, f.proname, oidvectortypes(f.proargtypes)), 'calls',
             substring(f.prosrc FROM ?)
        FROM pg_proc f
        JOIN pg_namespace n ON n.oid = f.pronamespace
        JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
       WHERE n.nspname = ? AND f.prosrc ~ ?
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                            AND e.deptype = 'e')
       ORDER BY 1, 2
      """;

  private ClusterCounters() {}

  static void examine(Connection source, String schema, PlanNotes findings) throws SQLException {
    Sql.forEach(
        source,
        USES,
        row ->
            findings.warn(
                row.getString("object"),
                ("%s %s: the dedicated server has its own counts of transactions and positions, so"
                        + " values stored on the shared one are ahead of them or mean nothing there.")
                    .formatted(row.getString("what"), row.getString("call"))),
        CALLS,
        schema,
        CALLS,
        CALLS,
        schema,
        CALLS);
  }
}
