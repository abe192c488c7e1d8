package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds functions whose text seems to use a table, view or sequence of a schema that does not move.
 * PostgreSQL knows no dependency of a text, and finds a bare name by the search path that the
 * database, a role or a service sets; {@code FunctionTexts} finds the names that a function of the
 * schema writes with another schema's.
 */
final class RelationsElsewhere {

  private static final String NAMES =
      """
      WITH ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ?),
      texts AS (
        SELECT f.oid, n.oid IN (SELECT oid FROM ns) AS is_own,
               format('%I.%I(%s)', n.nspname, f.proname, oidvectortypes(f.proargtypes)) AS described,
               f.prosrc
          FROM pg_proc f
          JOIN pg_namespace n ON n.oid = f.pronamespace
          JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
         WHERE (n.oid IN (SELECT oid FROM ns) OR f.oid::bigint = ANY (?::bigint[]))
           AND NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                              AND e.deptype = 'e')),
      names AS (
        SELECT DISTINCT t.described, t.is_own, m[1] AS qualifier, m[2] AS name
          FROM texts t,
               regexp_matches(t.prosrc,
                 '(?:\\m(?:from|join|update|(?:insert|merge)[[:space:]]+into|only|truncate|table)[[:space:]]+'
                 || '|(?:nextval|currval|setval)[[:space:]]*\\([[:space:]]*'')'
                 || '(?:"?([[:alpha:]_][[:alnum:]_$]*)"?[.])?"?([[:alpha:]_][[:alnum:]_$]*)"?',
                 'gi') m)
      SELECT names.described,
             string_agg(DISTINCT CASE c.relkind WHEN 'S' THEN 'the sequence ' WHEN 'v' THEN 'the view '
                                      ELSE 'the table ' END || n.nspname || '.' || c.relname, ', ')
        FROM names
        JOIN pg_class c ON c.relname IN (names.name, lower(names.name))
                       AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('information_schema', ?)
         AND NOT starts_with(n.nspname::text, 'pg_')
         AND n.oid NOT IN (SELECT oid FROM ns)
         AND CASE WHEN names.qualifier IS NULL THEN NOT EXISTS (
                    SELECT 1 FROM pg_class s
                     WHERE s.relname = c.relname
                       AND (s.relnamespace IN (SELECT oid FROM ns)
                            OR s.relnamespace = 'pg_catalog'::regnamespace
                            OR s.oid::bigint = ANY (?::bigint[])))
                  ELSE NOT names.is_own AND n.nspname IN (names.qualifier, lower(names.qualifier))
                   AND c.oid::bigint <> ALL (?::bigint[]) END
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
       GROUP BY names.described
       ORDER BY 1
      """;

  private RelationsElsewhere() {}

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
    Sql.BoundArray along =
        Sql.array("bigint", shared.objects().stream().map(SharedObjects.ObjectId::object).toList());
    Sql.forEach(
        source,
        NAMES,
        row ->
            findings.warn(
                row.getString(1),
                ("seems from its text to use %s, which is in a schema that is not moved. What calls"
                        + " the function fails on the dedicated database then. Create what it uses"
                        + " there before the cutover, or change the function.")
                    .formatted(row.getString(2))),
        schema,
        along,
        fenceSchema,
        along,
        along);
  }
}
