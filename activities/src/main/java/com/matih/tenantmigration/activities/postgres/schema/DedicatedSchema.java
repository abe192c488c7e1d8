package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema of the dedicated database that is emptied or takes another's name, and keeps who may use
 * it.
 *
 * <p>The tenant's schema stands under its source's name until all of the archive, whose entries
 * name that schema in their text, is restored; then it is renamed, which changes no object but the
 * schema.
 */
public final class DedicatedSchema {

  private static final String HAS_OBJECTS =
      """
      SELECT EXISTS (
        SELECT 1 FROM pg_depend d
         WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid AND d.deptype = 'n'
           AND d.classid <> 'pg_extension'::regclass
           AND NOT EXISTS (SELECT 1 FROM pg_depend e
                            WHERE e.classid = d.classid AND e.objid = d.objid
                              AND e.deptype = 'e'))
        FROM pg_namespace n WHERE n.nspname = ?
      """;

  private static final String SOME_TABLES =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
       ORDER BY c.relispartition DESC, c.relkind DESC, c.oid
       LIMIT 50
      """;

  private static final String GRANTS =
      """
      SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,
             a.privilege_type, a.is_grantable
        FROM pg_namespace n, aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
       WHERE n.nspname = ? AND a.grantee <> n.nspowner
      """;

  /** Only an owner whom we may act for; another one stays out of reach. */
  private static final String OWNER =
      """
      SELECT pg_get_userbyid(n.nspowner)
        FROM pg_namespace n
       WHERE n.nspname = ? AND pg_has_role(n.nspowner, 'MEMBER')
      """;

  private DedicatedSchema() {}

  /**
   * Drops some of the schema's tables with what uses them, so few that one transaction may hold
   * their locks; partitions come before their tables.
   *
   * @return whether there were any
   */
  public static boolean dropSomeTables(Connection connection, String schema) throws SQLException {
    List<String> tables = Sql.texts(connection, SOME_TABLES, schema);
    if (tables.isEmpty()) {
      return false;
    }
    Sql.execute(connection, "DROP TABLE IF EXISTS %s CASCADE".formatted(String.join(", ", tables)));
    return true;
  }

  /** Makes sure that the schema stands and holds nothing but what extensions brought. */
  public static void makeEmpty(Connection connection, String schema) throws SQLException {
    String name = Identifiers.quote(schema);
    Optional<Boolean> hasObjects =
        Sql.first(connection, HAS_OBJECTS, row -> row.getBoolean(1), schema);
    if (hasObjects.isEmpty()) {
      Sql.execute(connection, "CREATE SCHEMA " + name);
    } else if (hasObjects.get()) {
      Access access = Access.of(connection, schema);
      Sql.execute(connection, "DROP SCHEMA " + name + " CASCADE");
      Sql.execute(connection, "CREATE SCHEMA " + name);
      access.grant(connection, schema);
    }
  }

  /**
   * Gives the schema another name, in the place of an empty one of that name; does nothing where
   * both names are the same.
   */
  public static void rename(Connection connection, String from, String to) throws SQLException {
    if (from.equals(to)) {
      return;
    }
    Access access = Access.of(connection, to);
    for (String extension :
        Sql.texts(
            connection,
            "SELECT e.extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                + " WHERE n.nspname = ?",
            to)) {
      Sql.execute(
          connection,
          "ALTER EXTENSION %s SET SCHEMA %s"
              .formatted(Identifiers.quote(extension), Identifiers.quote(from)));
    }
    Sql.execute(connection, "DROP SCHEMA IF EXISTS " + Identifiers.quote(to) + " RESTRICT");
    Sql.execute(
        connection,
        "ALTER SCHEMA %s RENAME TO %s".formatted(Identifiers.quote(from), Identifiers.quote(to)));
    access.grant(connection, to);
    FunctionSearchPaths.rename(connection, from, to);
  }

  /** Who owned a schema and who could use it; nobody where it did not exist. */
  private record Access(@Nullable String owner, List<String> grants) {

    static Access of(Connection connection, String schema) throws SQLException {
      List<String> grants =
          Sql.list(
              connection,
              GRANTS,
              row ->
                  "GRANT %s ON SCHEMA %s TO %s%s"
                      .formatted(
                          row.getString(2),
                          Identifiers.quote(schema),
                          row.getString(1),
                          row.getBoolean(3) ? " WITH GRANT OPTION" : ""),
              schema);
      return new Access(Sql.text(connection, OWNER, schema).orElse(null), grants);
    }

    void grant(Connection connection, String schema) throws SQLException {
      if (owner != null) {
        Sql.execute(
            connection,
            "ALTER SCHEMA %s OWNER TO %s"
                .formatted(Identifiers.quote(schema), Identifiers.quote(owner)));
      }
      for (String grant : grants) {
        Sql.execute(connection, grant);
      }
    }
  }
}
