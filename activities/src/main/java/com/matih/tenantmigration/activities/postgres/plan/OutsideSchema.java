package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies.Extension;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Lists what the tenant's services may rely on and what belongs to the shared database rather than
 * to the schema, so that no archive of the schema has it: publications, subscriptions, event
 * triggers, settings of the database and of roles, default privileges, security labels,
 * tablespaces, access methods, rows in tables of extensions, and extensions that nothing of the
 * schema uses.
 *
 * <p>Settings are listed by name: a value may be a secret.
 */
final class OutsideSchema {

  private static final String PUBLICATIONS =
      """
      SELECT p.pubname, count(*) AS tables
        FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
       WHERE t.schemaname = ?
       GROUP BY p.pubname ORDER BY p.pubname
      """;

  /** An archive has a statistics object of the schema that this lies in, not of its table's. */
  private static final String STATISTICS =
      """
      SELECT format('%I.%I', n.nspname, s.stxname), c.relname
        FROM pg_statistic_ext s
        JOIN pg_namespace n ON n.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid
        JOIN pg_namespace own ON own.oid = c.relnamespace AND own.oid <> n.oid
       WHERE own.nspname = ?
       ORDER BY 1
      """;

  /** The view, since only a superuser may read all of {@code pg_subscription}. */
  private static final String SUBSCRIPTIONS =
      """
      SELECT s.subname, count(*)
        FROM pg_subscription_rel r
        JOIN (SELECT DISTINCT subid, subname FROM pg_stat_subscription) s ON s.subid = r.srsubid
        JOIN pg_class c ON c.oid = r.srrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ?
       GROUP BY s.subname ORDER BY s.subname
      """;

  /** Labels of columns are those of their table. */
  private static final String SECURITY_LABELS =
      """
      SELECT l.provider, count(*)
        FROM pg_seclabel l
        JOIN pg_namespace n ON n.nspname = ?
       WHERE (l.classoid = 'pg_class'::regclass
              AND EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = l.objoid AND c.relnamespace = n.oid))
          OR (l.classoid = 'pg_proc'::regclass
              AND EXISTS (SELECT 1 FROM pg_proc f WHERE f.oid = l.objoid AND f.pronamespace = n.oid))
          OR (l.classoid = 'pg_type'::regclass
              AND EXISTS (SELECT 1 FROM pg_type t WHERE t.oid = l.objoid AND t.typnamespace = n.oid))
          OR (l.classoid = 'pg_namespace'::regclass AND l.objoid = n.oid)
       GROUP BY l.provider ORDER BY l.provider
      """;

  private static final String TABLESPACES =
      """
      SELECT s.spcname, count(*)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_tablespace s ON s.oid = c.reltablespace
       WHERE n.nspname = ?
       GROUP BY s.spcname ORDER BY s.spcname
      """;

  private static final String ACCESS_METHODS =
      """
      SELECT m.amname, count(*)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_am m ON m.oid = c.relam AND m.amtype = 't' AND m.amname <> 'heap'
       WHERE n.nspname = ?
       GROUP BY m.amname ORDER BY m.amname
      """;

  /** Which rows of its own tables were added to them, an extension says as pg_dump is told. */
  private static final String EXTENSION_TABLES =
      """
      SELECT e.extname, c.relname, k.condition
        FROM pg_extension e
       CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) k(oid, condition)
        JOIN pg_class c ON c.oid = k.oid AND c.relkind IN ('r', 'p')
                       AND has_table_privilege(c.oid, 'SELECT')
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ?
       ORDER BY e.extname, c.relname COLLATE "C"
      """;

  private static final String EVENT_TRIGGERS =
      """
      SELECT e.evtname, (pg_identify_object('pg_proc'::regclass, e.evtfoid, 0)).identity
        FROM pg_event_trigger e
       WHERE e.evtenabled <> 'D'
         AND NOT EXISTS (SELECT 1 FROM pg_depend d
                          WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid
                            AND d.deptype = 'e')
       ORDER BY e.evtname
      """;

  /** A role's settings in all databases count where the role may use the schema. */
  private static final String SETTINGS =
      """
      SELECT coalesce('role ' || r.rolname || CASE WHEN s.setdatabase = 0 THEN ''
                                                   ELSE ' in database ' || d.datname END,
                      'database ' || d.datname) AS holder,
             string_agg(split_part(c.setting, '=', 1), ', ' ORDER BY c.setting) AS names,
             count(*) AS settings
        FROM pg_db_role_setting s
        JOIN pg_database d ON d.datname = current_database()
        LEFT JOIN pg_roles r ON r.oid = s.setrole,
             unnest(s.setconfig) c(setting)
       WHERE s.setdatabase = d.oid
          OR (s.setdatabase = 0 AND s.setrole <> 0
              AND NOT coalesce(r.rolsuper, true)
              AND has_schema_privilege(s.setrole, ?, 'USAGE'))
       GROUP BY 1 ORDER BY 1
      """;

  private static final String DEFAULT_PRIVILEGES =
      """
      SELECT pg_get_userbyid(d.defaclrole) AS role, count(*) AS entries
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
       WHERE d.defaclnamespace = 0 OR n.nspname = ?
       GROUP BY 1 ORDER BY 1
      """;

  private static final String OTHER_EXTENSIONS =
      """
      SELECT extname FROM pg_extension
       WHERE extname <> 'plpgsql' AND extname <> ALL (?)
       ORDER BY extname
      """;

  private OutsideSchema() {}

  /**
   * Lists it.
   *
   * @param moving the extensions that are migrated
   */
  static void list(Connection source, String schema, List<Extension> moving, PlanNotes findings)
      throws SQLException {
    Sql.forEach(
        source,
        PUBLICATIONS,
        row ->
            findings.leave(
                "publication " + row.getString(1),
                row.getLong(2),
                "publishes tables of %s to subscribers that follow the shared database"
                    .formatted(schema),
                "CREATE PUBLICATION on the dedicated database, and have the subscribers follow it."),
        schema);
    Sql.forEach(
        source,
        STATISTICS,
        row ->
            findings.leave(
                "statistics " + row.getString(1),
                1,
                "are of the table %s, but in another schema".formatted(row.getString(2)),
                "ALTER STATISTICS ... SET SCHEMA, or CREATE STATISTICS on the dedicated database."),
        schema);
    listWhatServersKnow(source, schema, findings);
    listRowsOfExtensions(source, schema, findings);
    Sql.forEach(
        source,
        EVENT_TRIGGERS,
        row ->
            findings.leave(
                "event trigger " + row.getString(1),
                1,
                "belongs to the shared database and calls %s".formatted(row.getString(2)),
                "CREATE EVENT TRIGGER on the dedicated database if it is needed there."));
    Sql.forEach(
        source,
        SETTINGS,
        row ->
            findings.leave(
                "settings of " + row.getString("holder"),
                row.getLong("settings"),
                "are not part of the schema: " + row.getString("names"),
                "Repeat them for the dedicated database and its roles (ALTER DATABASE or ALTER"
                    + " ROLE ... SET)."),
        schema);
    Sql.forEach(
        source,
        DEFAULT_PRIVILEGES,
        row ->
            findings.leave(
                "default privileges of role " + row.getString(1),
                row.getLong(2),
                "grant rights on what that role creates, and are not part of the schema",
                "Repeat ALTER DEFAULT PRIVILEGES on the dedicated database."),
        schema);
    Sql.forEach(
        source,
        OTHER_EXTENSIONS,
        row ->
            findings.leave(
                "extension " + row.getString(1),
                1,
                "is used by nothing of the schema, as far as the catalog and the texts of functions"
                    + " tell",
                "CREATE EXTENSION on the dedicated database if the services' own SQL uses it."),
        Sql.array("name", moving.stream().map(Extension::name).toList()));
  }

  /**
   * Lists what means something only together with a server, or with a module that it has loaded.
   */
  private static void listWhatServersKnow(Connection source, String schema, PlanNotes findings)
      throws SQLException {
    Sql.forEach(
        source,
        SUBSCRIPTIONS,
        row ->
            findings.leave(
                "subscription " + row.getString(1),
                row.getLong(2),
                "writes what another database publishes into tables of %s".formatted(schema),
                "CREATE SUBSCRIPTION on the dedicated database if the tenant needs it."),
        schema);
    Sql.forEach(
        source,
        SECURITY_LABELS,
        row ->
            findings.leave(
                "security labels of provider " + row.getString(1),
                row.getLong(2),
                "mean something only where that provider's module is loaded",
                "Repeat SECURITY LABEL on the dedicated database before others read it: they may"
                    + " mask or guard what they label."),
        schema);
    Sql.forEach(
        source,
        TABLESPACES,
        row ->
            findings.leave(
                "tablespace " + row.getString(1),
                row.getLong(2),
                "belongs to the shared server; its tables and indexes come to the dedicated"
                    + " database's own",
                "ALTER TABLE or ALTER INDEX ... SET TABLESPACE on the dedicated database."),
        schema);
    Sql.forEach(
        source,
        ACCESS_METHODS,
        row ->
            findings.leave(
                "access method " + row.getString(1),
                row.getLong(2),
                "belongs to the shared database; its tables are stored as the dedicated database"
                    + " stores new ones",
                "CREATE ACCESS METHOD and ALTER TABLE ... SET ACCESS METHOD on the dedicated"
                    + " database."),
        schema);
  }

  /** A table that an extension brings comes with the extension, and without these rows. */
  private static void listRowsOfExtensions(Connection source, String schema, PlanNotes findings)
      throws SQLException {
    for (ExtensionTable table :
        Sql.list(
            source,
            EXTENSION_TABLES,
            row -> new ExtensionTable(row.getString(1), row.getString(2), row.getString(3)),
            schema)) {
      TableName name = new TableName(schema, table.name());
      Optional<Long> rows =
          BoundedCount.of(
              source,
              TimeLimit.OF_PLAN,
              "SELECT count(*) FROM %s %s".formatted(Identifiers.quote(name), table.condition()));
      if (rows.isEmpty() || rows.get() > 0) {
        findings.leave(
            name.toString(),
            rows.orElse(LeftBehind.UNKNOWN),
            "are rows that were added to a table of the extension %s".formatted(table.extension()),
            "Add those that the tenant needs to the table on the dedicated database.");
      }
    }
  }

  private record ExtensionTable(String extension, String name, String condition) {}
}
