package com.matih.tenantmigration.activities.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What users have put into a database, beyond what a new one holds: no system object, nothing that
 * an extension brought, not the schema {@code public} by itself.
 */
final class DatabaseContents {

  private static final String OBJECTS =
      """
      WITH users AS (
        SELECT oid, nspname FROM pg_namespace
         WHERE NOT starts_with(nspname::text, 'pg_') AND nspname NOT IN ('information_schema', ?)),
      objects AS (
        SELECT 'pg_class'::regclass AS classid, c.oid AS objid
          FROM pg_class c JOIN users u ON u.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition
           -- an owned sequence goes with its table
           AND NOT EXISTS (SELECT 1 FROM pg_depend o
                            WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
                              AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
                              AND c.relkind = 'S')
        UNION ALL
        SELECT 'pg_proc'::regclass, f.oid FROM pg_proc f JOIN users u ON u.oid = f.pronamespace
        UNION ALL
        SELECT 'pg_type'::regclass, t.oid
          FROM pg_type t JOIN users u ON u.oid = t.typnamespace
          LEFT JOIN pg_class r ON r.oid = t.typrelid
         WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND r.relkind = 'c')
        UNION ALL
        SELECT 'pg_collation'::regclass, l.oid
          FROM pg_collation l JOIN users u ON u.oid = l.collnamespace
        UNION ALL
        SELECT 'pg_ts_config'::regclass, s.oid
          FROM pg_ts_config s JOIN users u ON u.oid = s.cfgnamespace
        UNION ALL
        SELECT 'pg_ts_dict'::regclass, s.oid
          FROM pg_ts_dict s JOIN users u ON u.oid = s.dictnamespace
        UNION ALL
        SELECT 'pg_operator'::regclass, o.oid
          FROM pg_operator o JOIN users u ON u.oid = o.oprnamespace
        UNION ALL
        SELECT 'pg_namespace'::regclass, u.oid FROM users u WHERE u.nspname <> 'public')
      SELECT i.type, i.identity
        FROM objects o, pg_identify_object(o.classid, o.objid, 0) i
       WHERE NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = o.classid AND e.objid = o.objid AND e.deptype = 'e')
       UNION ALL
      SELECT 'large object', oid::text FROM pg_largeobject_metadata
       ORDER BY 1, 2
       LIMIT ?
      """;

  private DatabaseContents() {}

  /** An object by its kind and quoted name, as {@code DROP} takes them. */
  record UserObject(String kind, String identity) {
    @Override
    public String toString() {
      return kind + " " + identity;
    }
  }

  /** The first objects; empty for an empty database. */
  static List<UserObject> list(Connection connection, int limit) throws SQLException {
    return list(connection, limit, "");
  }

  private static List<UserObject> list(Connection connection, int limit, String exceptSchema)
      throws SQLException {
    List<UserObject> objects = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(OBJECTS)) {
      statement.setString(1, exceptSchema);
      statement.setInt(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          objects.add(new UserObject(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return objects;
  }

  /** The installed extensions' names, as SQL quotes them. */
  static List<String> extensions(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT quote_ident(extname) FROM pg_extension ORDER BY 1")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }

  /**
   * Drops everything that users have put in but the ledger's schema, which is dropped last, and the
   * extensions that were not there before.
   *
   * @param extensionsBefore as {@link #extensions} told them
   */
  static void drop(Connection connection, List<String> extensionsBefore) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String extension : extensions(connection)) {
        if (!extensionsBefore.contains(extension)) {
          statement.execute("DROP EXTENSION IF EXISTS " + extension + " CASCADE");
        }
      }
      // one at a time: what goes with the first may be next in the list
      List<UserObject> left = list(connection, 1, MigrationNames.LEDGER_SCHEMA);
      while (!left.isEmpty()) {
        UserObject object = left.get(0);
        statement.execute(
            object.kind().equals("large object")
                ? "SELECT lo_unlink(" + object.identity() + ")"
                : "DROP %s %s CASCADE".formatted(object.kind(), object.identity()));
        left = list(connection, 1, MigrationNames.LEDGER_SCHEMA);
      }
      statement.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(MigrationNames.LEDGER_SCHEMA));
    }
  }
}
