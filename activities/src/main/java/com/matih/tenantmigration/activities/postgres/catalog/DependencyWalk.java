package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Steps along {@code pg_depend} from one object to the next, outside of a tenant's schema: to what
 * an object uses, and to what is a part of it. Objects of extensions and PostgreSQL's own end a
 * path.
 */
final class DependencyWalk {

  /** Names what the edges lead to; an edge is an object, its user, and whether it is a part. */
  private static final String NODES =
      """
      SELECT DISTINCT ON (e.classid, e.objid)
             e.classid::bigint AS catalog, e.objid::bigint AS object, n.nspname,
             coalesce(c.relkind::text, '') AS kind, coalesce(c.relname::text, '') AS name,
             i.type || ' ' || i.identity AS described, i.type,
             CASE WHEN starts_with(i.identity, quote_ident(n.nspname) || '.')
                                   THEN substr(i.identity, length(quote_ident(n.nspname)) + 2)
                                   ELSE i.identity END AS identity,
             CASE WHEN e.userclass = e.classid AND e.userid = e.objid THEN 'referenceTables'
                  ELSE u.type || ' ' || u.identity END AS used_by,
             e.part
               OR e.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass,
                    'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_collation'::regclass,
                    'pg_ts_config'::regclass, 'pg_ts_dict'::regclass)
               OR coalesce(c.relkind NOT IN ('r', 'p', 'v', 'm', 'f', 'S') OR c.relispartition, false)
               OR coalesce(t.typcategory = 'A' OR (t.typtype = 'c' AND r.relkind <> 'c'), false)
               AS part
        FROM edges e
       CROSS JOIN LATERAL (SELECT CASE e.classid
               WHEN 'pg_class'::regclass THEN
                 (SELECT relnamespace FROM pg_class WHERE oid = e.objid)
               WHEN 'pg_type'::regclass THEN
                 (SELECT typnamespace FROM pg_type WHERE oid = e.objid)
               WHEN 'pg_proc'::regclass THEN
                 (SELECT pronamespace FROM pg_proc WHERE oid = e.objid)
               WHEN 'pg_constraint'::regclass THEN
                 (SELECT connamespace FROM pg_constraint WHERE oid = e.objid)
               WHEN 'pg_attrdef'::regclass THEN
                 (SELECT k.relnamespace FROM pg_attrdef o JOIN pg_class k ON k.oid = o.adrelid
                   WHERE o.oid = e.objid)
               WHEN 'pg_trigger'::regclass THEN
                 (SELECT k.relnamespace FROM pg_trigger o JOIN pg_class k ON k.oid = o.tgrelid
                   WHERE o.oid = e.objid)
               WHEN 'pg_rewrite'::regclass THEN
                 (SELECT k.relnamespace FROM pg_rewrite o JOIN pg_class k ON k.oid = o.ev_class
                   WHERE o.oid = e.objid)
               WHEN 'pg_policy'::regclass THEN
                 (SELECT k.relnamespace FROM pg_policy o JOIN pg_class k ON k.oid = o.polrelid
                   WHERE o.oid = e.objid)
               WHEN 'pg_operator'::regclass THEN
                 (SELECT oprnamespace FROM pg_operator WHERE oid = e.objid)
               WHEN 'pg_opclass'::regclass THEN
                 (SELECT opcnamespace FROM pg_opclass WHERE oid = e.objid)
               WHEN 'pg_opfamily'::regclass THEN
                 (SELECT opfnamespace FROM pg_opfamily WHERE oid = e.objid)
               WHEN 'pg_amop'::regclass THEN
                 (SELECT f.opfnamespace FROM pg_amop o JOIN pg_opfamily f ON f.oid = o.amopfamily
                   WHERE o.oid = e.objid)
               WHEN 'pg_amproc'::regclass THEN
                 (SELECT f.opfnamespace FROM pg_amproc o JOIN pg_opfamily f ON f.oid = o.amprocfamily
                   WHERE o.oid = e.objid)
               WHEN 'pg_collation'::regclass THEN
                 (SELECT collnamespace FROM pg_collation WHERE oid = e.objid)
               WHEN 'pg_ts_config'::regclass THEN
                 (SELECT cfgnamespace FROM pg_ts_config WHERE oid = e.objid)
               WHEN 'pg_ts_dict'::regclass THEN
                 (SELECT dictnamespace FROM pg_ts_dict WHERE oid = e.objid)
               WHEN 'pg_statistic_ext'::regclass THEN
                 (SELECT stxnamespace FROM pg_statistic_ext WHERE oid = e.objid)
             END AS oid) place
        JOIN pg_namespace n ON n.oid = place.oid
        LEFT JOIN pg_class c ON e.classid = 'pg_class'::regclass AND c.oid = e.objid
        LEFT JOIN pg_type t ON e.classid = 'pg_type'::regclass AND t.oid = e.objid
        LEFT JOIN pg_class r ON r.oid = t.typrelid
       CROSS JOIN LATERAL pg_identify_object(e.classid, e.objid, 0) i
       CROSS JOIN LATERAL pg_identify_object(e.userclass, e.userid, 0) u
       WHERE n.nspname NOT IN (?, ?, 'information_schema')
         AND NOT starts_with(n.nspname::text, 'pg_')
         AND NOT EXISTS (SELECT 1 FROM pg_depend x
                          WHERE x.classid = e.classid AND x.objid = e.objid AND x.deptype = 'e')
         -- an array, a row type: it comes with what it was made for
         AND NOT EXISTS (SELECT 1 FROM pg_depend m
                           JOIN pg_depend x ON x.classid = m.refclassid AND x.objid = m.refobjid
                                           AND x.deptype = 'e'
                          WHERE m.classid = e.classid AND m.objid = e.objid AND m.deptype = 'i')
       ORDER BY e.classid, e.objid, e.part, used_by
      """;

  /** A table uses another one only as what it inherits from or is a partition of. */
  private static final String OF_SCHEMA =
      ", edges AS ("
          + """
        SELECT d.refclassid AS classid, d.refobjid AS objid,
               own.classid AS userclass, own.objid AS userid, false AS part
          FROM own
          JOIN pg_depend d ON d.classid = own.classid AND d.objid = own.objid
                          AND d.deptype IN ('n', 'a')
          LEFT JOIN stays ON stays.oid = own.relid
          LEFT JOIN pg_class k ON d.refclassid = 'pg_class'::regclass AND k.oid = d.refobjid
         WHERE stays.oid IS NULL
           AND NOT (own.classid = 'pg_class'::regclass AND k.relkind IS NOT NULL
                    AND k.relkind IN ('r', 'p', 'f'))
           AND NOT EXISTS (SELECT 1 FROM pg_depend x
                            WHERE x.classid = own.classid AND x.objid = own.objid
                              AND x.deptype = 'e'))
      """
          + NODES;

  private static final String NAMED =
      """
      WITH edges AS (
        SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid,
               'pg_class'::regclass::oid AS userclass, c.oid AS userid, false AS part
          FROM unnest(?::text[], ?::text[]) named(nspname, relname)
          JOIN pg_namespace n ON n.nspname = named.nspname
          JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = named.relname
                         AND c.relkind IN ('r', 'p', 'f', 'm'))
      """
          + NODES;

  /** A sequence that a column owns is no reason to take the column's table along. */
  private static final String NEXT =
      """
      WITH here AS (
        SELECT classid::oid, objid::oid FROM unnest(?::bigint[], ?::bigint[]) here(classid, objid)),
      edges AS (
        SELECT d.refclassid AS classid, d.refobjid AS objid,
               here.classid AS userclass, here.objid AS userid, false AS part
          FROM here
          JOIN pg_depend d ON d.classid = here.classid AND d.objid = here.objid
                          AND d.deptype IN ('n', 'a', 'i', 'P', 'S')
          LEFT JOIN pg_class s ON here.classid = 'pg_class'::regclass AND s.oid = here.objid
                              AND s.relkind = 'S'
         WHERE NOT (s.oid IS NOT NULL AND d.deptype = 'a')
         UNION ALL
        SELECT d.classid, d.objid, here.classid, here.objid, true
          FROM here
          JOIN pg_depend d ON d.refclassid = here.classid AND d.refobjid = here.objid
                          AND d.deptype IN ('a', 'i', 'P', 'S')
         UNION ALL
        SELECT 'pg_proc'::regclass, f.oid, here.classid, here.objid, false
          FROM here
          JOIN pg_type t ON here.classid = 'pg_type'::regclass AND t.oid = here.objid
          JOIN pg_cast x ON x.castsource = t.oid OR x.casttarget = t.oid
          JOIN pg_proc f ON f.oid = x.castfunc AND f.pronamespace = t.typnamespace)
      """
          + NODES;

  private static final String NAME = "[[:alpha:]_][[:alnum:]_$]*";

  /** Calls have a parenthesis after them, a type is told by its schema alone. */
  private static final String TOLD =
      """
      WITH own AS (SELECT oid FROM pg_namespace WHERE nspname = ?),
      texts AS (
        SELECT f.oid, f.prosrc
          FROM pg_proc f
          JOIN pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
         WHERE (f.pronamespace IN (SELECT oid FROM own) OR f.oid::bigint = ANY (?::bigint[]))
           AND NOT EXISTS (SELECT 1 FROM pg_depend x
                            WHERE x.classid = 'pg_proc'::regclass AND x.objid = f.oid
                              AND x.deptype = 'e')),
      calls AS (
        SELECT DISTINCT texts.oid, lower(m[1]) AS schema, lower(m[2]) AS word
          FROM texts, regexp_matches(prosrc,
                 '(?:^|[^.[:alnum:]_$"])(?:"?(%1$s)"?[[:space:]]*[.][[:space:]]*)?"?(%1$s)"?[[:space:]]*\\(',
                 'g') m),
      types AS (
        SELECT DISTINCT texts.oid, lower(m[1]) AS schema, lower(m[2]) AS word
          FROM texts, regexp_matches(prosrc,
                 '(?:^|[^.[:alnum:]_$"])"?(%1$s)"?[.]"?(%1$s)', 'g') m),
      edges AS (
        SELECT 'pg_proc'::regclass::oid AS classid, g.oid AS objid,
               'pg_proc'::regclass::oid AS userclass, calls.oid AS userid, false AS part
          FROM calls
          JOIN pg_proc g ON g.proname = calls.word
          JOIN pg_namespace n ON n.oid = g.pronamespace
         WHERE n.nspname = calls.schema
            OR (calls.schema IS NULL AND (n.nspname = 'public' OR n.nspname = ANY (?::name[]))
                AND NOT EXISTS (SELECT 1 FROM pg_proc o
                                 WHERE o.proname = calls.word
                                   AND (o.pronamespace IN (SELECT oid FROM own)
                                        OR o.pronamespace = 'pg_catalog'::regnamespace)))
         UNION ALL
        SELECT 'pg_type'::regclass, t.oid, 'pg_proc'::regclass, types.oid, false
          FROM types
          JOIN pg_namespace n ON n.nspname = types.schema
          JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = types.word
          LEFT JOIN pg_class r ON r.oid = t.typrelid
         WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND r.relkind = 'c'))
      """
              .formatted(NAME)
          + NODES;

  private final Connection source;
  private final String schema;
  private final String fenceSchema;

  /**
   * A walk that never enters two schemas.
   *
   * @param schema the tenant's, whose objects move anyway
   */
  DependencyWalk(Connection source, String schema, String fenceSchema) {
    this.source = source;
    this.schema = schema;
    this.fenceSchema = fenceSchema;
  }

  /**
   * An object on the way.
   *
   * @param kind {@code pg_class.relkind}; empty for what is no relation
   * @param name a relation's; empty for what is none
   * @param described with its schema
   * @param type what it is, in words
   * @param identity its name without the schema, as SQL quotes it
   * @param user what led to it
   * @param isPart whether it comes with another object, as an index does
   */
  record Node(
      ObjectId id,
      String schema,
      String kind,
      String name,
      String described,
      String type,
      String identity,
      String user,
      boolean isPart) {

    boolean isTable() {
      return kind.equals("r") || kind.equals("p");
    }
  }

  /** What objects of the schema use, but those of tables that stay behind. */
  List<Node> usedBySchema(List<String> staying) throws SQLException {
    return Sql.list(
        source,
        "WITH " + OutsideDependencies.OWN + OF_SCHEMA,
        DependencyWalk::node,
        schema,
        Sql.array("name", staying),
        schema,
        fenceSchema);
  }

  /** Tables, and what stands for tables, by name. */
  List<Node> named(Set<TableName> names) throws SQLException {
    if (names.isEmpty()) {
      return List.of();
    }
    List<TableName> ordered = List.copyOf(names);
    return Sql.list(
        source,
        NAMED,
        DependencyWalk::node,
        Sql.array("text", ordered.stream().map(TableName::schema).toList()),
        Sql.array("text", ordered.stream().map(TableName::table).toList()),
        schema,
        fenceSchema);
  }

  /**
   * What texts of the schema's functions, and of functions found elsewhere, name.
   *
   * @param schemas in which a function is looked for that is called by its bare name
   */
  List<Node> toldByTexts(Collection<ObjectId> found, Set<String> schemas) throws SQLException {
    return Sql.list(
        source,
        TOLD,
        DependencyWalk::node,
        schema,
        Sql.array("bigint", SharedObjects.numbers(found)),
        Sql.array("name", schemas),
        schema,
        fenceSchema);
  }

  /** Goes on from there until nothing new is found, and adds all to what was found before. */
  void follow(List<Node> from, Map<ObjectId, Node> found) throws SQLException {
    List<Node> here = added(from, found);
    while (!here.isEmpty()) {
      List<ObjectId> ids = here.stream().map(Node::id).toList();
      here =
          added(
              Sql.list(
                  source,
                  NEXT,
                  DependencyWalk::node,
                  Sql.array("bigint", SharedObjects.catalogs(ids)),
                  Sql.array("bigint", SharedObjects.numbers(ids)),
                  schema,
                  fenceSchema),
              found);
    }
  }

  private static List<Node> added(List<Node> nodes, Map<ObjectId, Node> found) {
    List<Node> added = new ArrayList<>();
    for (Node node : nodes) {
      if (found.putIfAbsent(node.id(), node) == null) {
        added.add(node);
      }
    }
    return added;
  }

  private static Node node(ResultSet row) throws SQLException {
    return new Node(
        new ObjectId(row.getLong("catalog"), row.getLong("object")),
        row.getString("nspname"),
        row.getString("kind"),
        row.getString("name"),
        row.getString("described"),
        row.getString("type"),
        row.getString("identity"),
        row.getString("used_by"),
        row.getBoolean("part"));
  }
}
