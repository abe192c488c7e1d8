package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Warns of functions whose text calls, by its bare name, a function that only another schema has
 * and that does not move: the catalog does not look into texts.
 */
final class CallsElsewhere {

  private static final String CALLS =
      """
      WITH ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ?),
      calls AS (
        SELECT DISTINCT f.oid, ns.nspname, f.proname, f.proargtypes, lower(m[1]) AS word
          FROM pg_proc f JOIN ns ON ns.oid = f.pronamespace
          JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal'),
               regexp_matches(f.prosrc,
                 '(?:^|[^.[:alnum:]_$"])([[:alpha:]_][[:alnum:]_$]*)[[:space:]]*\\(', 'g') m
         WHERE NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                              AND e.deptype = 'e'))
      SELECT format('%I.%I(%s)', calls.nspname, calls.proname,
                    oidvectortypes(calls.proargtypes)),
             string_agg(DISTINCT n.nspname || '.' || g.proname, ', ')
        FROM calls
        JOIN pg_proc g ON g.proname = calls.word
        JOIN pg_namespace n ON n.oid = g.pronamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', ?)
         AND n.oid NOT IN (SELECT oid FROM ns)
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_proc'::regclass AND e.objid = g.oid
                            AND e.deptype = 'e')
         AND g.oid::bigint <> ALL (?::bigint[])
         AND NOT EXISTS (SELECT 1 FROM pg_proc s
                          WHERE s.proname = calls.word
                            AND (s.pronamespace IN (SELECT oid FROM ns)
                                 OR s.pronamespace = 'pg_catalog'::regnamespace))
       GROUP BY calls.oid, calls.nspname, calls.proname, calls.proargtypes
       ORDER BY 1
      """;

  private CallsElsewhere() {}

  /**
   * Warns.
   *
   * @param shared what moves along from other schemas
   */
  static void examine(
      Connection source,
      String schema,
      String fenceSchema,
      SharedObjects shared,
      PlanNotes findings)
      throws SQLException {
    Sql.forEach(
        source,
        CALLS,
        row ->
            findings.warn(
                row.getString(1),
                ("seems from its text to call %s, which is in a schema that is not moved."
                        + " Move that function to %s, or create it on the dedicated database.")
                    .formatted(row.getString(2), schema)),
        schema,
        fenceSchema,
        Sql.array(
            "bigint", shared.objects().stream().map(SharedObjects.ObjectId::object).toList()));
  }
}
