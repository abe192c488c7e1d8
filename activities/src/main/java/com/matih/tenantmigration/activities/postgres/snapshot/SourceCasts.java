package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
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
                  AND NOT EXISTS (SELECT 1
                                    FROM unnest(?::bigint[], ?::bigint[]) along(classid, objid)
                                   WHERE along.classid = used.classid::oid::bigint
                                     AND along.objid = used.oid::bigint)
                  AND NOT EXISTS (SELECT 1 FROM pg_depend e
                                   WHERE e.classid = used.classid AND e.objid = used.oid
                                     AND e.deptype = 'e'))
       ORDER BY 1
      """;

  private SourceCasts() {}

  /**
   * The statements; names are qualified and quoted.
   *
   * @param shared what moves along from other schemas
   */
  public static List<String> read(Connection source, String schema, SharedObjects shared)
      throws SQLException {
    return Sql.texts(
        source,
        CASTS,
        schema,
        Sql.array(
            "bigint", shared.objects().stream().map(SharedObjects.ObjectId::catalog).toList()),
        Sql.array(
            "bigint", shared.objects().stream().map(SharedObjects.ObjectId::object).toList()));
  }
}
