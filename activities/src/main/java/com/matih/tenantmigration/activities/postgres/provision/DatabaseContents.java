package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What users have put into a database, beyond what a new one holds: no system object, nothing that
 * an extension brought, not the schema {@code public} by itself.
 *
 * <p>A database is empty where there is none of it. Extensions, settings and default privileges do
 * not count: an operator prepares an empty database with them. What acts on or leads out of the
 * database does: event triggers, publications, subscriptions, foreign servers.
 */
public final class DatabaseContents {

  /** What a migration may have created, and what is dropped where it is rolled back. */
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
        SELECT 'pg_namespace'::regclass, u.oid FROM users u WHERE u.nspname <> 'public'
      """;

  /** What no migration creates. */
  private static final String FOREIGN_OBJECTS =
      """
        UNION ALL
        SELECT 'pg_opclass'::regclass, o.oid FROM pg_opclass o JOIN users u ON u.oid = o.opcnamespace
        UNION ALL
        SELECT 'pg_opfamily'::regclass, o.oid
          FROM pg_opfamily o JOIN users u ON u.oid = o.opfnamespace
        UNION ALL
        SELECT 'pg_conversion'::regclass, n.oid
          FROM pg_conversion n JOIN users u ON u.oid = n.connamespace
        UNION ALL
        SELECT 'pg_ts_parser'::regclass, s.oid
          FROM pg_ts_parser s JOIN users u ON u.oid = s.prsnamespace
        UNION ALL
        SELECT 'pg_ts_template'::regclass, s.oid
          FROM pg_ts_template s JOIN users u ON u.oid = s.tmplnamespace
        UNION ALL
        SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
        UNION ALL
        SELECT 'pg_publication'::regclass, oid FROM pg_publication
        UNION ALL
        SELECT 'pg_subscription'::regclass, s.oid
          FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
         WHERE d.datname = current_database()
        UNION ALL
        SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
        UNION ALL
        SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION ALL
        -- from here on the server has some of its own, whose numbers are lower
        SELECT 'pg_cast'::regclass, oid FROM pg_cast WHERE oid >= 16384
        UNION ALL
        SELECT 'pg_language'::regclass, oid FROM pg_language WHERE oid >= 16384
        UNION ALL
        SELECT 'pg_am'::regclass, oid FROM pg_am WHERE oid >= 16384
      """;

  /** Tables first: they are what people know. */
  private static final String NAMES =
      """
      )
      SELECT type, identity FROM (
      SELECT i.type, i.identity
        FROM objects o, pg_identify_object(o.classid, o.objid, 0) i
       WHERE NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = o.classid AND e.objid = o.objid AND e.deptype = 'e')
       UNION ALL
      SELECT 'large object', oid::text FROM pg_largeobject_metadata
      ) AS named
       ORDER BY type <> 'table', type, identity
       LIMIT ?
      """;

  private DatabaseContents() {}

  /** An object by its kind and quoted name, as {@code DROP} takes them. */
  public record UserObject(String kind, String identity) {
    @Override
    public String toString() {
      return kind + " " + identity;
    }
  }

  /** The first objects; empty for an empty database. */
  public static List<UserObject> list(Connection connection, int limit) throws SQLException {
    return list(connection, OBJECTS + FOREIGN_OBJECTS + NAMES, limit, "");
  }

  private static List<UserObject> droppable(Connection connection) throws SQLException {
    return list(connection, OBJECTS + NAMES, 1, MigrationNames.LEDGER_SCHEMA);
  }

  private static List<UserObject> list(
      Connection connection, String sql, int limit, String exceptSchema) throws SQLException {
    return Sql.list(
        connection,
        sql,
        row -> new UserObject(row.getString(1), row.getString(2)),
        exceptSchema,
        limit);
  }

  /** The installed extensions' names, as SQL quotes them. */
  static List<String> extensions(Connection connection) throws SQLException {
    return Sql.texts(connection, "SELECT quote_ident(extname) FROM pg_extension ORDER BY 1");
  }

  /**
   * Drops everything that users have put in but the ledger's schema, which is dropped last, and the
   * extensions that were not there before.
   *
   * @param extensionsBefore as {@link #extensions} told them
   */
  static void drop(Connection connection, List<String> extensionsBefore) throws SQLException {
    for (String extension : extensions(connection)) {
      if (!extensionsBefore.contains(extension)) {
        Sql.execute(connection, "DROP EXTENSION IF EXISTS " + extension + " CASCADE");
      }
    }
    // one at a time: what goes with the first may be next in the list
    List<UserObject> left = droppable(connection);
    while (!left.isEmpty()) {
      UserObject object = left.get(0);
      Sql.execute(
          connection,
          object.kind().equals("large object")
              ? "SELECT lo_unlink(" + object.identity() + ")"
              : "DROP %s %s CASCADE".formatted(object.kind(), object.identity()));
      left = droppable(connection);
    }
    Sql.execute(
        connection, "DROP SCHEMA IF EXISTS %s CASCADE".formatted(MigrationNames.LEDGER_SCHEMA));
  }
}
