package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The casts that users made between types that move or are PostgreSQL's own, as statements: a cast
 * belongs to no schema, so an archive of one schema does not have it.
 */
public final class SourceCasts {

  private static final String CASTS =
      """
      SELECT 'CREATE CAST (' || (pg_identify_object('pg_type'::regclass, c.castsource, 0)).identity
             || ' AS ' || (pg_identify_object('pg_type'::regclass, c.casttarget, 0)).identity || ') '
             || CASE c.castmethod
                  WHEN 'i' THEN 'WITH INOUT'
                  WHEN 'b' THEN 'WITHOUT FUNCTION'
                  ELSE 'WITH FUNCTION '
                       || (pg_identify_object('pg_proc'::regclass, c.castfunc, 0)).identity
                END
             || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT'
                  ELSE '' END
        FROM pg_cast c
       WHERE c.oid >= 16384
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
         AND NOT EXISTS (
               SELECT 1
                 FROM (SELECT 'pg_type'::regclass AS classid, t.oid, t.typnamespace AS namespace
                         FROM pg_type t WHERE t.oid IN (c.castsource, c.casttarget)
                       UNION ALL
                       SELECT 'pg_proc'::regclass, f.oid, f.pronamespace
                         FROM pg_proc f WHERE f.oid = c.castfunc) used
                 JOIN pg_namespace n ON n.oid = used.namespace
                WHERE n.nspname NOT IN (?, 'pg_catalog')
                  AND NOT EXISTS (SELECT 1 FROM pg_depend e
                                   WHERE e.classid = used.classid AND e.objid = used.oid
                                     AND e.deptype = 'e'))
       ORDER BY 1
      """;

  private SourceCasts() {}

  /** The statements; names are qualified and quoted. */
  public static List<String> read(Connection source, String schema) throws SQLException {
    return Sql.texts(source, CASTS, schema);
  }
}
