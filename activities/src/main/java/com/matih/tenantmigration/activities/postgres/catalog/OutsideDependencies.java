package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What in the source's schema depends on something that is not moved: an object of another schema
 * that no extension brings, or a table that stays behind.
 *
 * <p>PostgreSQL records what views, defaults, foreign keys, column types, triggers, policies and
 * functions of SQL's standard form use ({@code pg_depend}); the text of other functions is not
 * among it.
 */
public final class OutsideDependencies {

  /** The schema's objects with the table that each belongs to, and the tables that stay. */
  static final String OWN =
      """
      ns AS (SELECT oid FROM pg_namespace WHERE nspname = ?),
      named AS (SELECT c.oid FROM pg_class c, ns
                 WHERE c.relnamespace = ns.oid AND c.relname = ANY (?)),
      stays AS (SELECT oid FROM named
                UNION SELECT p.relid FROM named, LATERAL %s p),
      own AS (
        SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid,
               coalesce((SELECT o.refobjid FROM pg_depend o
                          WHERE c.relkind = 'S' AND o.classid = 'pg_class'::regclass
                            AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass
                            AND o.deptype IN ('a', 'i') LIMIT 1), c.oid) AS relid
          FROM pg_class c, ns WHERE c.relnamespace = ns.oid AND c.relkind <> 'i'
        UNION ALL
        SELECT 'pg_class'::regclass, i.indexrelid, i.indrelid
          FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid, ns WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT 'pg_attrdef'::regclass, a.oid, a.adrelid
          FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid, ns WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid, k.conrelid
          FROM pg_constraint k, ns
         -- one that was made for a partition comes with that of its table, or not at all
         WHERE k.connamespace = ns.oid AND k.conparentid = 0
        UNION ALL
        SELECT 'pg_rewrite'::regclass, r.oid, r.ev_class
          FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class, ns
         WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT 'pg_trigger'::regclass, g.oid, g.tgrelid
          FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid, ns
         WHERE c.relnamespace = ns.oid AND NOT g.tgisinternal
        UNION ALL
        SELECT 'pg_policy'::regclass, p.oid, p.polrelid
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, ns
         WHERE c.relnamespace = ns.oid
        UNION ALL
        SELECT 'pg_type'::regclass, t.oid, 0 FROM pg_type t, ns WHERE t.typnamespace = ns.oid
        UNION ALL
        SELECT 'pg_proc'::regclass, f.oid, 0 FROM pg_proc f, ns WHERE f.pronamespace = ns.oid)
      """
          .formatted(PartitionTrees.below("named.oid"));

  private static final String OUTSIDE =
      "WITH "
          + OWN
          + """
      SELECT DISTINCT mine.type, mine.identity, theirs.type, theirs.identity,
             (pg_identify_object('pg_class'::regclass, keeper.oid, 0)).identity
        FROM own
        JOIN pg_depend d ON d.classid = own.classid AND d.objid = own.objid
         AND d.deptype IN ('n', 'a')
        LEFT JOIN stays owner ON owner.oid = own.relid
        LEFT JOIN stays used ON d.refclassid = 'pg_class'::regclass AND used.oid = d.refobjid
        -- a sequence stays with the table that owns it
        LEFT JOIN LATERAL (
               SELECT stays.oid
                 FROM pg_depend o JOIN stays ON stays.oid = o.refobjid
                 JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
                WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
                  AND o.objid = d.refobjid AND d.refclassid = 'pg_class'::regclass
                  AND o.deptype IN ('a', 'i')
                LIMIT 1) keeper ON true,
             -- a view's rule and a column's default are named by what they belong to
             pg_identify_object(
               CASE WHEN own.classid IN ('pg_rewrite'::regclass, 'pg_attrdef'::regclass)
                    THEN 'pg_class'::regclass ELSE own.classid END,
               CASE WHEN own.classid IN ('pg_rewrite'::regclass, 'pg_attrdef'::regclass)
                    THEN own.relid ELSE own.objid END, 0) mine,
             pg_identify_object(d.refclassid, d.refobjid, 0) theirs
       WHERE owner.oid IS NULL AND theirs.type <> 'index'
         AND NOT EXISTS (SELECT 1 FROM unnest(?::bigint[], ?::bigint[]) along(classid, objid)
                          WHERE along.classid = d.refclassid::bigint
                            AND along.objid = d.refobjid::bigint)
         AND (used.oid IS NOT NULL OR keeper.oid IS NOT NULL
              OR theirs.schema NOT IN (quote_ident(?), 'pg_catalog', 'information_schema', 'pg_toast', ?))
         AND NOT EXISTS (
               SELECT 1 FROM pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid
                  AND e.deptype = 'e')
         -- an array, a row type, a multirange: it comes with what it was made for
         AND NOT EXISTS (
               SELECT 1 FROM pg_depend i
                 JOIN pg_depend e ON e.classid = i.refclassid AND e.objid = i.refobjid
                                 AND e.deptype = 'e'
                WHERE i.classid = d.refclassid AND i.objid = d.refobjid AND i.deptype = 'i')
         AND NOT EXISTS (
               SELECT 1 FROM pg_depend e WHERE e.classid = own.classid AND e.objid = own.objid
                  AND e.deptype = 'e')
       ORDER BY 2, 4
      """;

  /** The words of functions' texts that stand before a parenthesis, or that are a type's name. */
  private static final String EXTENSIONS =
      "WITH RECURSIVE "
          + OWN
          + """
      , along AS (
        SELECT classid::oid, objid::oid FROM unnest(?::bigint[], ?::bigint[]) a(classid, objid)),
      moving AS (
        SELECT own.classid, own.objid
          FROM own LEFT JOIN stays owner ON owner.oid = own.relid
         WHERE owner.oid IS NULL
         UNION
        SELECT classid, objid FROM along),
      used AS (
        SELECT m.refobjid AS oid
          FROM moving
          JOIN pg_depend d ON d.classid = moving.classid AND d.objid = moving.objid
          LEFT JOIN pg_depend i ON i.classid = d.refclassid AND i.objid = d.refobjid
                               AND i.deptype = 'i' AND d.refclassid = 'pg_type'::regclass
          JOIN pg_depend m ON m.deptype = 'e'
           AND ((m.classid = d.refclassid AND m.objid = d.refobjid)
                OR (m.classid = i.refclassid AND m.objid = i.refobjid))
         UNION
        -- DEPENDS ON EXTENSION
        SELECT d.refobjid
          FROM moving
          JOIN pg_depend d ON d.classid = moving.classid AND d.objid = moving.objid
                          AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'),
      bodies AS (
        SELECT f.prosrc
          FROM moving
          JOIN pg_proc f ON moving.classid = 'pg_proc'::regclass AND f.oid = moving.objid
          JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
         WHERE NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                              AND e.deptype = 'e')),
      calls AS (
        SELECT DISTINCT lower(m[1]) AS word
          FROM bodies, regexp_matches(prosrc, '([[:alpha:]_][[:alnum:]_$]*)["[:space:]]*\\(', 'g') m),
      words AS (
        SELECT DISTINCT lower(m[1]) AS word
          FROM bodies, regexp_matches(prosrc, '([[:alpha:]_][[:alnum:]_$]*)', 'g') m),
      told AS (
        SELECT m.refobjid AS oid
          FROM pg_proc f JOIN calls ON calls.word = f.proname
          JOIN pg_depend m ON m.classid = 'pg_proc'::regclass AND m.objid = f.oid
                          AND m.deptype = 'e' AND m.refclassid = 'pg_extension'::regclass
         UNION
        SELECT m.refobjid
          FROM pg_type t JOIN words ON words.word = t.typname
          JOIN pg_depend m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
                          AND m.deptype = 'e' AND m.refclassid = 'pg_extension'::regclass),
      needed(oid, depth, certain) AS (
        SELECT oid, 0, true FROM used
         UNION
        SELECT oid, 0, false FROM told
         UNION
        SELECT d.refobjid, n.depth + 1, n.certain
          FROM needed n
          JOIN pg_depend d ON d.classid = 'pg_extension'::regclass AND d.objid = n.oid
                          AND d.refclassid = 'pg_extension'::regclass)
      SELECT e.extname, n.nspname, e.extversion, NOT bool_or(needed.certain) AS suspected
        FROM needed
        JOIN pg_extension e ON e.oid = needed.oid
        JOIN pg_namespace n ON n.oid = e.extnamespace
       WHERE e.extname <> 'plpgsql'
       GROUP BY e.extname, n.nspname, e.extversion
       -- what others require comes first
       ORDER BY max(needed.depth) DESC, e.extname
      """;

  private OutsideDependencies() {}

  /**
   * One dependency: {@code view a.b} uses {@code table c.d}.
   *
   * @param owner the table that stays and owns the sequence that is used
   */
  public record Dependency(
      String kind, String object, String usedKind, String used, Optional<String> owner) {}

  /**
   * An extension that the schema's objects use, and the schema that its objects lie in.
   *
   * @param suspected whether only the text of a function names something of it
   */
  public record Extension(String name, String schema, String version, boolean suspected) {}

  /**
   * The dependencies on what is not moved.
   *
   * @param staying tables of the schema that stay behind
   * @param along what moves along from other schemas, or is refused by its own name
   */
  public static List<Dependency> find(
      Connection source, String schema, List<String> staying, SharedObjects along)
      throws SQLException {
    return Sql.list(
        source,
        OUTSIDE,
        row ->
            new Dependency(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getString(5))),
        schema,
        Sql.array("name", staying),
        Sql.array("bigint", SharedObjects.catalogs(along.objects())),
        Sql.array("bigint", SharedObjects.numbers(along.objects())),
        schema,
        MigrationNames.FENCE_SCHEMA);
  }

  /**
   * The extensions that the moving objects use, those first that others require: what the catalog
   * knows, and what functions' texts name, which it does not look into.
   *
   * @param along what moves along from other schemas
   */
  public static List<Extension> extensions(
      Connection source, String schema, List<String> staying, SharedObjects along)
      throws SQLException {
    return Sql.list(
        source,
        EXTENSIONS,
        row ->
            new Extension(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)),
        schema,
        Sql.array("name", staying),
        Sql.array("bigint", SharedObjects.catalogs(along.objects())),
        Sql.array("bigint", SharedObjects.numbers(along.objects())));
  }
}
