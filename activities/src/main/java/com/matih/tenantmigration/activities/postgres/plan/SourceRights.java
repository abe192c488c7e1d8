package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ExistingTables;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Refuses what the source's user has no right to: reading all rows, and raising the fence. */
final class SourceRights {

  private static final String OF_TABLE =
      """
      SELECT pg_has_role(c.relowner, 'USAGE') AS owner, row_security_active(c.oid) AS filtered,
             has_table_privilege(c.oid, 'SELECT') AS readable,
             pg_get_userbyid(c.relowner) AS owned_by, current_user AS asking
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ?
      """;

  private static final String CLOSED_SCHEMAS =
      """
      SELECT nspname, current_user FROM pg_namespace
       WHERE nspname = ANY (?) AND NOT has_schema_privilege(oid, 'USAGE')
       ORDER BY nspname
      """;

  /** Where a table stays behind, so do its sequences. */
  private static final String CLOSED_SEQUENCES =
      """
      SELECT n.nspname, s.relname, current_user
        FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
       WHERE n.nspname = ? AND s.relkind = 'S' AND NOT has_table_privilege(s.oid, 'SELECT')
         AND NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid
                            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                            AND t.relname = ANY (?))
       ORDER BY s.relname
      """;

  /** Who asks, where it may not read what other sessions do. */
  static final String OF_STATISTICS =
      "SELECT current_user WHERE NOT pg_has_role('pg_read_all_stats', 'USAGE')";

  private static final String OF_FENCE =
      """
      SELECT CASE WHEN n.oid IS NULL
                  THEN has_database_privilege(current_database(), 'CREATE')
                  ELSE has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE')
             END,
             current_user, current_database()
        FROM (SELECT 1) one LEFT JOIN pg_namespace n ON n.nspname = ?
      """;

  /** Of the schema itself and of all in it: tables with their columns, functions, types. */
  private static final String GRANTEES =
      """
      WITH ns AS (SELECT * FROM pg_namespace WHERE nspname = ?),
      granting(owner, acl) AS (
        SELECT nspowner, nspacl FROM ns
        UNION ALL
        SELECT c.relowner, c.relacl FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
        UNION ALL
        SELECT c.relowner, a.attacl
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN ns ON ns.oid = c.relnamespace
        UNION ALL
        SELECT f.proowner, f.proacl FROM pg_proc f JOIN ns ON ns.oid = f.pronamespace
        UNION ALL
        SELECT t.typowner, t.typacl FROM pg_type t JOIN ns ON ns.oid = t.typnamespace)
      SELECT string_agg(DISTINCT r.rolname, ', ' ORDER BY r.rolname)
        FROM granting, aclexplode(acl) a
        JOIN pg_roles r ON r.oid = a.grantee
       WHERE a.grantee <> granting.owner
      """;

  /** Functions that not everybody may execute, and those that run with their owner's rights. */
  private static final String FUNCTIONS =
      """
      WITH functions AS (
        SELECT f.proname, f.prosecdef,
               NOT EXISTS (SELECT 1 FROM aclexplode(f.proacl) a WHERE a.grantee = 0)
                 AND f.proacl IS NOT NULL AS closed
          FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
         WHERE n.nspname = ?
           AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
                              AND e.objid = f.oid AND e.deptype = 'e'))
      SELECT string_agg(DISTINCT proname, ', ' ORDER BY proname) FILTER (WHERE closed),
             string_agg(DISTINCT proname, ', ' ORDER BY proname) FILTER (WHERE prosecdef)
        FROM functions
      """;

  private static final String POLICY_ROLES =
      """
      SELECT DISTINCT r.rolname, c.relname, p.polname
        FROM pg_policy p
        JOIN pg_class c ON c.oid = p.polrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_roles r ON r.oid = ANY (p.polroles)
       WHERE n.nspname = ?
       ORDER BY 1, 2, 3
      """;

  private SourceRights() {}

  /**
   * A role that a policy names.
   *
   * @param policy the policy with its table, for people
   */
  record PolicyRole(String role, String policy) {}

  /**
   * Refuses schemas whose objects the source's user cannot even look up.
   *
   * @return whether there are none
   */
  static boolean mayUse(Connection source, Collection<String> schemas, PlanNotes findings)
      throws SQLException {
    AtomicBoolean mayUse = new AtomicBoolean(true);
    Sql.forEach(
        source,
        CLOSED_SCHEMAS,
        row -> {
          mayUse.set(false);
          findings.refuse(
              row.getString(1),
              "is a schema that the source's user %s may not use".formatted(row.getString(2)),
              "GRANT USAGE ON SCHEMA %s TO %s."
                  .formatted(
                      Identifiers.quote(row.getString(1)), Identifiers.quote(row.getString(2))));
        },
        Sql.array("name", List.copyOf(schemas)));
    return mayUse.get();
  }

  /**
   * Looks at every table of the schema that does not stay, also at one that cannot be read.
   *
   * @return whether all of them can be read
   */
  static boolean examine(
      Connection source, PostgresSpec spec, TenantTables tables, PlanNotes findings)
      throws SQLException {
    boolean isReadable = mayUse(source, tables.shared().schemas(), findings);
    ExistingTables named = tables.named();
    for (SourceTable table : tables.schema().tables().values()) {
      String name = table.name().table();
      if (!named.excluded().contains(name)) {
        isReadable &= examineTable(source, table, named.references().contains(name), findings);
      }
    }
    for (SourceTable table : tables.shared().tables().values()) {
      isReadable &= examineTable(source, table, true, findings);
    }
    examineSequences(source, spec, findings);
    examineFence(source, findings);
    examineStatistics(source, findings);
    examineGrants(source, spec.sourceSchema(), findings);
    return isReadable;
  }

  private static boolean examineTable(
      Connection source, SourceTable table, boolean isReference, PlanNotes findings)
      throws SQLException {
    AtomicBoolean isReadable = new AtomicBoolean(true);
    Sql.forEach(
        source,
        OF_TABLE,
        row -> {
          if (row.getBoolean("filtered")) {
            findings.refuse(
                table.name(),
                "has row security that hides rows from the source's user",
                "Give the user BYPASSRLS, or let it own the table.");
          }
          if (!row.getBoolean("owner") && !isReference) {
            findings.refuse(
                table.name(),
                "is not owned by the source's user or a role it belongs to, and only an owner can"
                    + " raise the write fence (the right TRIGGER alone is not enough)",
                "GRANT %s TO %s."
                    .formatted(
                        Identifiers.quote(row.getString("owned_by")),
                        Identifiers.quote(row.getString("asking"))));
          }
          if (!row.getBoolean("readable")) {
            isReadable.set(false);
            if (isReference) {
              findings.refuse(
                  table.name(),
                  "cannot be read by the source's user %s".formatted(row.getString("asking")),
                  "GRANT SELECT ON %s TO %s."
                      .formatted(
                          Identifiers.quote(table.name()),
                          Identifiers.quote(row.getString("asking"))));
            }
          }
        },
        table.name().schema(),
        table.name().table());
    return isReadable.get();
  }

  private static void examineSequences(Connection source, PostgresSpec spec, PlanNotes findings)
      throws SQLException {
    Sql.forEach(
        source,
        CLOSED_SEQUENCES,
        row -> {
          TableName sequence = new TableName(row.getString(1), row.getString(2));
          findings.refuse(
              sequence,
              "is a sequence that the source's user %s cannot read".formatted(row.getString(3)),
              "GRANT SELECT ON SEQUENCE %s TO %s."
                  .formatted(Identifiers.quote(sequence), Identifiers.quote(row.getString(3))));
        },
        spec.sourceSchema(),
        Sql.array("name", spec.excludeTables()));
  }

  /** Without that right a session that blocks the fence is told with less. */
  private static void examineStatistics(Connection source, PlanNotes findings) throws SQLException {
    Sql.text(source, OF_STATISTICS)
        .ifPresent(
            user ->
                findings.warn(
                    "postgres.source",
                    ("has the user %s, who may not see what other sessions do: a session that"
                            + " blocks the write fence is named by its process, user and"
                            + " application alone. GRANT pg_read_all_stats TO %s.")
                        .formatted(user, Identifiers.quote(user))));
  }

  private static void examineFence(Connection source, PlanNotes findings) throws SQLException {
    Sql.forEach(
        source,
        OF_FENCE,
        row -> {
          if (!row.getBoolean(1)) {
            findings.refuse(
                row.getString(3),
                ("does not let the source's user %s create the schema %s, which the"
                        + " write fence needs")
                    .formatted(row.getString(2), MigrationNames.FENCE_SCHEMA),
                "GRANT CREATE ON DATABASE %s TO %s (or on that schema where it exists)."
                    .formatted(
                        Identifiers.quote(row.getString(3)), Identifiers.quote(row.getString(2))));
          }
        },
        MigrationNames.FENCE_SCHEMA);
  }

  private static void examineGrants(Connection source, String schema, PlanNotes findings)
      throws SQLException {
    Sql.text(source, GRANTEES, schema)
        .ifPresent(
            grantees ->
                findings.warn(
                    schema,
                    ("grants rights to %s. Owners and grants are not migrated: grant"
                            + " them on the target.")
                        .formatted(grantees)));
    Sql.forEach(
        source,
        FUNCTIONS,
        row -> {
          if (row.getString(1) != null) {
            findings.warn(
                schema,
                ("has functions that not everybody may execute: %s. On the target everybody may,"
                        + " since rights are not migrated: REVOKE EXECUTE ... FROM PUBLIC there.")
                    .formatted(row.getString(1)));
          }
          if (row.getString(2) != null) {
            findings.warn(
                schema,
                ("has functions that run with the rights of their owner (SECURITY DEFINER): %s. On"
                        + " the target the migration's user owns them: give them an owner with no"
                        + " more rights than they need.")
                    .formatted(row.getString(2)));
          }
        },
        schema);
  }

  /** The roles that the schema's policies name; a policy cannot be created without its roles. */
  static List<PolicyRole> policyRoles(Connection source, String schema) throws SQLException {
    return Sql.list(
        source,
        POLICY_ROLES,
        row ->
            new PolicyRole(
                row.getString(1),
                "%s on %s.%s".formatted(row.getString(3), schema, row.getString(2))),
        schema);
  }
}
