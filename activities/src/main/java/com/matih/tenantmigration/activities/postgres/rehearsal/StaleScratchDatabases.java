package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the scratch databases that workers left which died: each has the name and the mark of one
 * rehearsal, belongs to the target's user, and nobody holds its lock.
 */
final class StaleScratchDatabases {

  private static final Logger log = LoggerFactory.getLogger(StaleScratchDatabases.class);

  /** One without a mark was left between its creation and its comment, and holds nothing yet. */
  private static final String MARKED =
      """
      SELECT datname FROM pg_database
       WHERE datname ~ ? AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
         AND coalesce(shobj_description(oid, 'pg_database'), '')
             ~ ('^($|' || ? || right(datname::text, 12) || ' )')
      """;

  private StaleScratchDatabases() {}

  /** Drops what can be dropped; the rest is left to others. */
  static void drop(Connection maintenance) throws SQLException {
    for (String name : stale(maintenance, "[0-9a-f]{12}")) {
      if (ScratchDatabase.isLocked(maintenance, name)) {
        try {
          // it may have been marked, or removed, before it was locked
          String id = name.substring(ScratchDatabase.PREFIX.length());
          for (String still : stale(maintenance, id)) {
            drop(maintenance, still);
          }
        } finally {
          ScratchDatabase.unlock(maintenance, name);
        }
      }
    }
  }

  private static List<String> stale(Connection maintenance, String id) throws SQLException {
    return Sql.texts(
        maintenance, MARKED, "^" + ScratchDatabase.PREFIX + id + "$", ScratchDatabase.mark(""));
  }

  private static void drop(Connection maintenance, String name) {
    try {
      ShortStatements.apartFrom(
          maintenance,
          () ->
              Sql.execute(
                  maintenance,
                  "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(Identifiers.quote(name))));
      log.info("dropped the scratch database {}, which a rehearsal left that did not end", name);
    } catch (SQLException e) {
      log.warn("the scratch database {} stays", name, e);
    }
  }
}
