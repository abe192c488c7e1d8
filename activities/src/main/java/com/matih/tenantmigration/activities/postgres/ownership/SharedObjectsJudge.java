package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.Item;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTableDoubts;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells what of the schemas that tenants share moves along with a tenant's own, and what stays;
 * refuses what cannot move, and tables whose rows seem to be others'.
 */
public final class SharedObjectsJudge {

  private static final int MOST_NAMED = 20;

  /** What people look for; indexes and the like belong to these. */
  private static final String LEFT =
      """
      SELECT n.nspname, count(*) FILTER (WHERE o.is_table), count(*)
        FROM pg_namespace n
        JOIN (SELECT 'pg_class'::regclass AS classid, c.oid, c.relnamespace AS namespace,
                     c.relkind IN ('r', 'p', 'f') AS is_table
                FROM pg_class c
               WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
              UNION ALL
              SELECT 'pg_proc'::regclass, f.oid, f.pronamespace, false FROM pg_proc f
              UNION ALL
              SELECT 'pg_type'::regclass, t.oid, t.typnamespace, false
                FROM pg_type t WHERE t.typtype IN ('e', 'd')) o ON o.namespace = n.oid
       WHERE (n.nspname = 'public' OR n.nspname = ANY (?)) AND n.nspname <> ?
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = o.classid AND e.objid = o.oid AND e.deptype = 'e')
         AND NOT EXISTS (SELECT 1 FROM unnest(?::bigint[], ?::bigint[]) along(classid, objid)
                          WHERE along.classid = o.classid::oid::bigint
                            AND along.objid = o.oid::bigint)
       GROUP BY n.nspname
       ORDER BY n.nspname
      """;

  private final Connection source;
  private final MigrationRequest request;
  private final PostgresSpec spec;
  private final SharedObjects shared;
  private final PlanNotes findings;

  private SharedObjectsJudge(
      Connection source, MigrationRequest request, SharedObjects shared, PlanNotes findings) {
    this.source = source;
    this.request = request;
    this.spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    this.shared = shared;
    this.findings = findings;
  }

  /** Tells and refuses; says nothing where rows tell tenants apart. */
  public static void examine(
      Connection source, MigrationRequest request, TenantTables tables, PlanNotes findings)
      throws SQLException {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    if (spec.isolation() == PostgresSpec.Isolation.SCHEMA) {
      new SharedObjectsJudge(source, request, tables.shared(), findings).examine();
    }
  }

  private void examine() throws SQLException {
    for (SharedObjects.Obstacle obstacle : shared.obstacles()) {
      findings.refuse(
          obstacle.described(),
          "is used by %s and cannot move along: %s".formatted(obstacle.user(), obstacle.reason()),
          "Create what the tenant needs of it in schema %s, or remove the dependency."
              .formatted(spec.sourceSchema()));
    }
    if (shared.schemas().contains(spec.targetSchema())) {
      findings.refuse(
          spec.targetSchema(),
          "is the targetSchema, but also a shared schema of which something moves along under"
              + " the schema's name (%s)".formatted(named(spec.targetSchema())),
          "Write targetSchema: %s.".formatted(spec.sourceSchema()));
    }
    refuseDoubtful();
    for (String schema : shared.schemas()) {
      findings.warn(
          "schema " + schema,
          ("is shared by tenants. What the tenant's schema uses of it moves along under the same"
                  + " names, and tables with all their rows: %s.")
              .formatted(named(schema)));
    }
    tellLeft();
  }

  private void refuseDoubtful() throws SQLException {
    new SharedTableDoubts(source, request, shared, TimeLimit.OF_PLAN)
        .all()
        .forEach(
            (table, doubt) ->
                findings.refuse(
                    table,
                    ("is in a schema that tenants share and %s, so copying all rows could include"
                            + " other tenants' data (%s leads to it)")
                        .formatted(doubt.reason(), userOf(table.table(), table.schema())),
                    (doubt.isNameEnough()
                            ? "Name %s in referenceTables if every tenant may have all its rows"
                                .formatted(table)
                            : "Write `%s` into postgres.tables if every tenant may have all its rows"
                                .formatted(RequestSql.line(table.toString(), TableRule.shared())))
                        + ", or drop what leads to it."));
  }

  private String userOf(String table, String schema) {
    return shared.items().stream()
        .filter(item -> item.schema().equals(schema) && item.described().endsWith(" " + table))
        .map(Item::user)
        .findFirst()
        .orElse("the tenant's schema");
  }

  private String named(String schema) {
    List<String> items =
        shared.items().stream()
            .filter(item -> item.schema().equals(schema))
            .map(Item::described)
            .sorted()
            .toList();
    return items.size() <= MOST_NAMED
        ? String.join(", ", items)
        : "%s and %d more"
            .formatted(String.join(", ", items.subList(0, MOST_NAMED)), items.size() - MOST_NAMED);
  }

  private void tellLeft() throws SQLException {
    Set<String> schemas = new TreeSet<>(shared.schemas());
    Sql.forEach(
        source,
        LEFT,
        row -> {
          // a few functions in public are nobody's concern where nothing else of it is
          if (row.getLong(2) > 0 || schemas.contains(row.getString(1))) {
            findings.leave(
                "schema " + row.getString(1),
                row.getLong(3),
                "are tables, views, functions and types that the tenant's schema does not use, as"
                    + " far as the catalog and the texts of functions tell",
                "Name tables that the services read in referenceTables, with their schema.");
          }
        },
        Sql.array("name", schemas),
        spec.sourceSchema(),
        Sql.array(
            "bigint", shared.objects().stream().map(SharedObjects.ObjectId::catalog).toList()),
        Sql.array(
            "bigint", shared.objects().stream().map(SharedObjects.ObjectId::object).toList()));
  }
}
