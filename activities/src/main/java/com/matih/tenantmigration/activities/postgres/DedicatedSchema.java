package com.matih.tenantmigration.activities.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema of the dedicated database that is emptied or takes another's name, and keeps who may use
 * it.
 *
 * <p>The tenant's schema stands under its source's name until all of the archive, whose entries
 * name that schema in their text, is restored; then it is renamed, which changes no object but the
 * schema.
 */
final class DedicatedSchema {

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

  /** Makes sure that the schema stands and holds nothing but what extensions brought. */
  static void makeEmpty(Connection connection, String schema) throws SQLException {
    String name = Identifiers.quote(schema);
    List<Boolean> hasObjects = bools(connection, HAS_OBJECTS, schema);
    if (hasObjects.isEmpty()) {
      execute(connection, "CREATE SCHEMA " + name);
    } else if (hasObjects.get(0)) {
      Access access = Access.of(connection, schema);
      execute(connection, "DROP SCHEMA " + name + " CASCADE");
      execute(connection, "CREATE SCHEMA " + name);
      access.grant(connection, schema);
    }
  }

  /**
   * Gives the schema another name, in the place of an empty one of that name; does nothing where
   * both names are the same.
   */
  static void rename(Connection connection, String from, String to) throws SQLException {
    if (from.equals(to)) {
      return;
    }
    Access access = Access.of(connection, to);
    for (String extension :
        strings(
            connection,
            "SELECT e.extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                + " WHERE n.nspname = ?",
            to)) {
      execute(
          connection,
          "ALTER EXTENSION %s SET SCHEMA %s"
              .formatted(Identifiers.quote(extension), Identifiers.quote(from)));
    }
    execute(connection, "DROP SCHEMA IF EXISTS " + Identifiers.quote(to) + " RESTRICT");
    execute(
        connection,
        "ALTER SCHEMA %s RENAME TO %s".formatted(Identifiers.quote(from), Identifiers.quote(to)));
    access.grant(connection, to);
  }

  /** Who owned a schema and who could use it; nobody where it did not exist. */
  private record Access(@Nullable String owner, List<String> grants) {

    static Access of(Connection connection, String schema) throws SQLException {
      List<String> owner = strings(connection, OWNER, schema);
      List<String> grants = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(GRANTS)) {
        statement.setString(1, schema);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            grants.add(
                "GRANT %s ON SCHEMA %s TO %s%s"
                    .formatted(
                        rows.getString(2),
                        Identifiers.quote(schema),
                        rows.getString(1),
                        rows.getBoolean(3) ? " WITH GRANT OPTION" : ""));
          }
        }
      }
      return new Access(owner.isEmpty() ? null : owner.get(0), grants);
    }

    void grant(Connection connection, String schema) throws SQLException {
      if (owner != null) {
        execute(
            connection,
            "ALTER SCHEMA %s OWNER TO %s"
                .formatted(Identifiers.quote(schema), Identifiers.quote(owner)));
      }
      for (String grant : grants) {
        execute(connection, grant);
      }
    }
  }

  private static List<Boolean> bools(Connection connection, String sql, String schema)
      throws SQLException {
    return strings(connection, sql, schema).stream().map("t"::equals).toList();
  }

  private static List<String> strings(Connection connection, String sql, String parameter)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
