package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Warns of expressions and triggers that keep the schema's name as a text, not as an object: they
 * move unchanged, and the schema has another name on the target.
 *
 * <p>A literal of a type such as {@code regclass} is an object, whatever it looks like.
 */
final class NamesInTexts {

  private static final String TEXTS =
      """
      WITH ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ?),
      texts(object, what, text) AS (
        SELECT c.relname || '.' || a.attname,
               CASE WHEN a.attgenerated = '' THEN 'default' ELSE 'generated column' END,
               pg_get_expr(d.adbin, d.adrelid)
          FROM pg_attrdef d
          JOIN pg_class c ON c.oid = d.adrelid
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum, ns
         WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT coalesce(c.relname, t.typname) || ' ' || k.conname, 'constraint',
               pg_get_constraintdef(k.oid)
          FROM ns JOIN pg_constraint k ON k.connamespace = ns.oid AND k.contype = 'c'
          LEFT JOIN pg_class c ON c.oid = k.conrelid
          LEFT JOIN pg_type t ON t.oid = k.contypid
        UNION ALL
        SELECT t.typname, 'default of the domain', t.typdefault
          FROM pg_type t, ns WHERE t.typnamespace = ns.oid AND t.typtype = 'd'
        UNION ALL
        SELECT c.relname, 'index', pg_get_indexdef(c.oid)
          FROM pg_class c, ns WHERE c.relnamespace = ns.oid AND c.relkind IN ('i', 'I')
        UNION ALL
        SELECT c.relname, 'view', pg_get_viewdef(c.oid)
          FROM pg_class c, ns WHERE c.relnamespace = ns.oid AND c.relkind IN ('v', 'm')
        UNION ALL
        SELECT c.relname || ' ' || p.polname, 'policy',
               concat_ws(' ', pg_get_expr(p.polqual, p.polrelid),
                              pg_get_expr(p.polwithcheck, p.polrelid))
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, ns
         WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT c.relname || ' ' || g.tgname, 'trigger',
               -- its condition may compare two rows, OLD and NEW, which pg_get_expr refuses
               concat_ws(' ', substring(pg_get_triggerdef(g.oid) FROM ' WHEN \\((.*)\\) EXECUTE '),
                 (SELECT string_agg(quote_literal(arg) || '::text', ' ')
                    FROM regexp_split_to_table(encode(g.tgargs, 'escape'), '\\\\000') arg))
          FROM pg_trigger g
          JOIN pg_class c ON c.oid = g.tgrelid
          JOIN pg_proc f ON f.oid = g.tgfoid, ns
         WHERE c.relnamespace = ns.oid AND NOT g.tgisinternal AND g.tgparentid = 0
           AND f.pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname = ?))
      SELECT DISTINCT nspname || '.' || object AS object, what,
             substring(text FROM pattern) AS found
        FROM texts, ns,
             LATERAL (SELECT regexp_replace(nspname, '([^[:alnum:]_])', '\\\\\\1', 'g') AS word) w,
             -- an argument of a trigger may be the name alone, for format('%I.%I')
             LATERAL (SELECT '''"?' || word || '"?\\.[^'']*''(?:::(?!reg)|$)'
                             || CASE what WHEN 'trigger' THEN '|''' || word || '''::text' ELSE '' END
                               AS pattern) p
       WHERE text ~ pattern
       ORDER BY 1
      """;

  private NamesInTexts() {}

  /** Warns where the schema takes another name. */
  static void examine(Connection source, PostgresSpec spec, String fenceSchema, PlanNotes findings)
      throws SQLException {
    if (spec.sourceSchema().equals(spec.targetSchema())) {
      return;
    }
    Sql.forEach(
        source,
        TEXTS,
        row ->
            findings.warn(
                row.getString("object"),
                ("is a %s that names the schema %s in a text, which is moved unchanged. On the"
                        + " target the schema is %s, and what uses the text fails. Take the"
                        + " schema's name out of it, or choose targetSchema: %s.")
                    .formatted(
                        row.getString("what"),
                        spec.sourceSchema(),
                        spec.targetSchema(),
                        spec.sourceSchema())),
        spec.sourceSchema(),
        fenceSchema);
  }
}
