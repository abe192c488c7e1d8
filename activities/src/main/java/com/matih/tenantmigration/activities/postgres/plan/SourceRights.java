package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ExistingTables;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Refuses what the source's user has no right to: reading all rows, and raising the fence. */
final class SourceRights {

  private static final String OF_TABLE =
      """
      SELECT pg_has_role(c.relowner, 'USAGE') AS owner, row_security_active(c.oid) AS filtered
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ?
      """;

  private static final String OF_FENCE =
      """
      SELECT CASE WHEN n.oid IS NULL
                  THEN has_database_privilege(current_database(), 'CREATE')
                  ELSE has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE')
             END,
             current_user, current_database()
        FROM (SELECT 1) one LEFT JOIN pg_namespace n ON n.nspname = ?
      """;

  private static final String GRANTEES =
      """
      SELECT string_agg(DISTINCT r.rolname, ', ' ORDER BY r.rolname)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        JOIN pg_roles r ON r.oid = a.grantee
       WHERE n.nspname = ? AND a.grantee <> c.relowner
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

  /** Looks at every table of the schema that does not stay, also at one that cannot be read. */
  static void examine(Connection source, PostgresSpec spec, TenantTables tables, PlanNotes findings)
      throws SQLException {
    ExistingTables named = tables.named();
    for (SourceTable table : tables.schema().tables().values()) {
      String name = table.name().table();
      if (!named.excluded().contains(name)) {
        examineTable(source, table, named.references().contains(name), findings);
      }
    }
    for (SourceTable table : tables.shared().tables().values()) {
      examineTable(source, table, true, findings);
    }
    examineFence(source, findings);
    examineGrants(source, spec.sourceSchema(), findings);
  }

  private static void examineTable(
      Connection source, SourceTable table, boolean isReference, PlanNotes findings)
      throws SQLException {
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
                "Grant the owner's role to the user.");
          }
        },
        table.name().schema(),
        table.name().table());
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
