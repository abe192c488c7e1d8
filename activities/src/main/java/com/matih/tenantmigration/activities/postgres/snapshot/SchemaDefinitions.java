package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.RecordJson;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a schema's objects are defined, so that a change after its archive was taken is noticed: the
 * dedicated side has what the archive has, and neither the fence nor a trigger sees a CREATE OR
 * REPLACE FUNCTION or a new view.
 *
 * <p>A sequence that was added is no change: it is created, with its value, under the fence. Some
 * platforms make one for each new tenant.
 *
 * <p>Maintenance changes no definition: REINDEX, CLUSTER, REFRESH MATERIALIZED VIEW, VALIDATE
 * CONSTRAINT, GRANT. Nor do partitions count, which neighbours may get at any time; those of the
 * tenant's are watched while changes are captured.
 *
 * @param digests by the object, told without its schema
 */
public record SchemaDefinitions(Map<String, String> digests) {

  private static final String STEP = "definitions";

  private static final int MOST_NAMED = 5;

  /** How the name of a sequence begins. */
  private static final String SEQUENCE = "sequence ";

  private static final String READ =
      """
      WITH ns AS (SELECT oid FROM pg_namespace WHERE nspname = ?),
      relation AS (
        SELECT c.oid, c.relname, c.relkind,
               CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
                    WHEN 'S' THEN 'sequence ' WHEN 'c' THEN 'type ' ELSE 'table ' END
               || quote_ident(c.relname) AS object,
               concat_ws(' ', c.relkind, c.relrowsecurity, c.relforcerowsecurity,
                         CASE c.relkind WHEN 'v' THEN c.reloptions END) AS options
          FROM pg_class c, ns
         WHERE c.relnamespace = ns.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
           AND NOT c.relispartition AND c.relname <> ALL (?)
           AND NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                              AND e.deptype = 'e')),
      definition(object, text) AS (
        SELECT object, CASE WHEN relkind IN ('v', 'm') THEN concat_ws(' ', options, pg_get_viewdef(oid))
                            ELSE options END
          FROM relation
        UNION ALL
        SELECT object, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                 a.attidentity, a.attgenerated, a.attcollation)
          FROM relation JOIN pg_attribute a ON a.attrelid = relation.oid
         WHERE relkind <> 'S' AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT object, concat_ws(' ', a.attname, pg_get_expr(d.adbin, d.adrelid))
          FROM relation JOIN pg_attrdef d ON d.adrelid = relation.oid
          JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        UNION ALL
        SELECT object, concat_ws(' ', k.conname, replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''))
          FROM relation JOIN pg_constraint k ON k.conrelid = relation.oid AND k.conparentid = 0
        UNION ALL
        SELECT object, pg_get_indexdef(i.indexrelid)
          FROM relation JOIN pg_index i ON i.indrelid = relation.oid AND i.indisvalid
        UNION ALL
        SELECT object, concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled)
          FROM relation JOIN pg_trigger g ON g.tgrelid = relation.oid AND NOT g.tgisinternal
          JOIN pg_proc f ON f.oid = g.tgfoid
          JOIN pg_namespace n ON n.oid = f.pronamespace AND n.nspname <> ?
        UNION ALL
        SELECT object, concat_ws(' ', pg_get_ruledef(r.oid), r.ev_enabled)
          FROM relation JOIN pg_rewrite r ON r.ev_class = relation.oid AND r.rulename <> '_RETURN'
        UNION ALL
        SELECT object, concat_ws(' ', to_jsonb(p) - 'oid' - 'polqual' - 'polwithcheck',
                                 pg_get_expr(p.polqual, p.polrelid),
                                 pg_get_expr(p.polwithcheck, p.polrelid))
          FROM relation JOIN pg_policy p ON p.polrelid = relation.oid
        UNION ALL
        SELECT object, to_jsonb(s)::text FROM relation JOIN pg_sequence s ON s.seqrelid = relation.oid
        UNION ALL
        SELECT object, pg_get_statisticsobjdef(s.oid)
          FROM relation JOIN pg_statistic_ext s ON s.stxrelid = relation.oid
        UNION ALL
        SELECT format('%s %I(%s)', CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
                                        ELSE 'function' END,
                      f.proname, oidvectortypes(f.proargtypes)),
               (to_jsonb(f) - 'oid' - 'proacl' - 'proowner')::text
          FROM pg_proc f, ns
         WHERE f.pronamespace = ns.oid
           AND NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                              AND e.deptype = 'e')
        UNION ALL
        SELECT format('type %I', t.typname),
               concat_ws(' ', t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
                 t.typdefault,
                 (SELECT string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder)
                    FROM pg_enum l WHERE l.enumtypid = t.oid),
                 (SELECT string_agg(k.conname || pg_get_constraintdef(k.oid), ',' ORDER BY k.conname)
                    FROM pg_constraint k WHERE k.contypid = t.oid))
          FROM pg_type t, ns
         WHERE t.typnamespace = ns.oid AND t.typtype IN ('d', 'e', 'r')
           AND NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid
                              AND e.deptype = 'e'))
      SELECT object, md5(string_agg(text, '|' ORDER BY text COLLATE "C"))
        FROM definition GROUP BY object
      """;

  public SchemaDefinitions {
    digests = new TreeMap<>(digests);
  }

  /** Reads them, without those of tables that do not move. */
  static SchemaDefinitions read(Connection source, TenantTables tables) throws SQLException {
    Map<String, String> digests = new TreeMap<>();
    // by which names are told with their schema or without it
    Sql.execute(source, "SET search_path = pg_catalog");
    Sql.forEach(
        source,
        READ,
        row -> digests.put(row.getString(1), row.getString(2)),
        tables.schema().name(),
        Sql.array("name", tables.named().excluded()),
        MigrationNames.FENCE_SCHEMA);
    return new SchemaDefinitions(digests);
  }

  /** Keeps them in the ledger. */
  void note(Connection target) throws SQLException {
    Ledger.mark(target, STEP, RecordJson.write(this));
  }

  /**
   * Says which objects have changed since the archive was taken; empty if none has, or an earlier
   * version of this program took it.
   */
  public static Optional<String> changes(
      Connection source, DatabaseAccess target, TenantTables tables) throws SQLException {
    Optional<String> noted =
        target.read(
            "read ledger",
            "read the ledger of",
            "the dedicated database",
            connection -> Ledger.step(connection, STEP));
    if (noted.isEmpty()) {
      return Optional.empty();
    }
    SchemaDefinitions before =
        RecordJson.read(noted.get(), SchemaDefinitions.class, "The ledger's note of the schema");
    Set<String> changed = before.changed(read(source, tables));
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ("Definitions in schema %s were changed after they were copied: %s%s. Start the"
                    + " migration again, and change no definition until it has ended.")
                .formatted(
                    tables.schema().name(),
                    changed.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                    changed.size() > MOST_NAMED ? ", …" : ""));
  }

  /**
   * Fails where an object has changed since the archive was taken.
   *
   * @throws MigrationException of type SOURCE_CHANGED, naming the objects
   */
  public static void requireSame(PostgresConnections connections, MigrationContext context) {
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    Optional<String> changes =
        DatabaseAccess.source(connections, context)
            .look(
                "definitions",
                "compare the definitions of",
                "the shared schema",
                source -> changes(source, target, TenantCatalog.read(source, context.request())));
    if (changes.isPresent()) {
      throw new MigrationException(FailureType.SOURCE_CHANGED, changes.get());
    }
  }

  private Set<String> changed(SchemaDefinitions now) {
    Set<String> changed = new TreeSet<>(digests.keySet());
    changed.addAll(now.digests.keySet());
    changed.removeIf(object -> Objects.equals(digests.get(object), now.digests.get(object)));
    changed.removeIf(object -> object.startsWith(SEQUENCE) && !digests.containsKey(object));
    return changed;
  }
}
