package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Names the functions whose text or settings name a schema: a dump carries them as they are, and on
 * the target the schema has another name or is not there.
 */
public final class FunctionTexts {

  private static final String NAMING =
      """
      SELECT format('%I.%I(%s)', n.nspname, f.proname, oidvectortypes(f.proargtypes)), string_agg(other.nspname, ', ' ORDER BY other.nspname)
        FROM pg_proc f
        JOIN pg_namespace n ON n.oid = f.pronamespace
        JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
        JOIN (SELECT oid, nspname,
                     regexp_replace(lower(nspname), '([^[:alnum:]_])', '\\\\\\1', 'g') AS word
                FROM pg_namespace) other
          ON other.nspname NOT LIKE 'pg\\_%'
         AND other.nspname NOT IN ('information_schema', ?)
         AND (strpos(lower(f.prosrc), lower(other.nspname) || '.') > 0
              OR strpos(f.prosrc, quote_ident(other.nspname) || '.') > 0
              OR (other.nspname = ?
                  AND lower(f.prosrc) ~ ('''' || other.word || '''|search_path[^;]*\\y' || other.word || '\\y'))
              OR EXISTS (SELECT 1 FROM unnest(f.proconfig) setting
                          WHERE setting LIKE 'search_path=%'
                            -- the schema's own name is replaced there when it is renamed
                            AND other.oid <> n.oid
                            AND strpos(setting, other.nspname) > 0
                            AND lower(setting) ~ ('[=", ]' || other.word || '($|[", ])')))
       WHERE (n.nspname = ? OR (f.oid::bigint = ANY (?) AND other.nspname = ?))
         -- all that it names of that schema moves along
         AND NOT (other.nspname = ANY (?) AND NOT EXISTS (
               SELECT 1
                 FROM regexp_matches(f.prosrc,
                        '(?:^|[^.[:alnum:]_$"])"?'
                        || other.word || '"?[.]"?([[:alpha:]_][[:alnum:]_$]*)', 'gi') m
                WHERE NOT EXISTS (
                        SELECT 1 FROM unnest(?::text[], ?::text[]) along(nspname, name)
                         WHERE along.nspname = other.nspname
                           AND lower(along.name) = lower(m[1]))))
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                            AND e.deptype = 'e')
       GROUP BY f.oid, n.nspname, f.proname, f.proargtypes
       ORDER BY 1
      """;

  private FunctionTexts() {}

  /**
   * A function and the schemas that it names.
   *
   * @param function with its arguments' types
   */
  public record Naming(String function, String schemas) {}

  /**
   * Each such function.
   *
   * @param fine a schema whose name may stand there, since the target has it too
   * @param shared what moves along from other schemas
   */
  public static List<Naming> find(
      Connection source, String schema, String fine, SharedObjects shared) throws SQLException {
    return Sql.list(
        source,
        NAMING,
        row -> new Naming(row.getString(1), row.getString(2)),
        fine,
        schema,
        schema,
        Sql.array("bigint", SharedObjects.numbers(shared.objects())),
        schema,
        Sql.array("name", shared.schemas()),
        Sql.array("text", shared.items().stream().map(SharedObjects.Item::schema).toList()),
        Sql.array("text", shared.items().stream().map(SharedObjects.Item::name).toList()));
  }
}
