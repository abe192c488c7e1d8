package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * By what a dedicated database is known as a migration's: a comment on one that it created, a table
 * in the ledger's schema of one that it found empty.
 */
final class DatabaseMark {

  private static final String TABLE = MigrationNames.LEDGER_SCHEMA + ".adopted";

  private DatabaseMark() {}

  /** The comment for a database that the migration created. */
  static String comment(MigrationContext context) {
    return "%s of tenant %s".formatted(prefix(context.migrationId()), context.tenant());
  }

  /** The comment for a database that the migration created and gave up. */
  static String failedComment(MigrationContext context, String reason) {
    return "%s failed: %s".formatted(comment(context), reason);
  }

  static boolean isOurs(String comment, String migrationId) {
    return comment.startsWith(prefix(migrationId) + " ");
  }

  /** Whether the comment is the mark of any migration. */
  static boolean isSomeMigrations(String comment) {
    return comment.matches("(?s)tenant-migration [0-9a-f]{12} .*");
  }

  private static String prefix(String migrationId) {
    return "tenant-migration " + migrationId;
  }

  /** Marks an empty database as in use, and notes which extensions it has. */
  static void adopt(Connection database, String migrationId) throws SQLException {
    database.setAutoCommit(false);
    try (Statement statement = database.createStatement()) {
      statement.execute("CREATE SCHEMA " + MigrationNames.LEDGER_SCHEMA);
      statement.execute(
          "CREATE TABLE %s (migration_id text PRIMARY KEY, extensions text[] NOT NULL)"
              .formatted(TABLE));
      try (PreparedStatement insert =
          database.prepareStatement("INSERT INTO %s VALUES (?, ?)".formatted(TABLE))) {
        insert.setString(1, migrationId);
        insert.setArray(
            2, database.createArrayOf("text", DatabaseContents.extensions(database).toArray()));
        insert.executeUpdate();
      }
      database.commit();
    } catch (SQLException e) {
      database.rollback();
      throw e;
    } finally {
      database.setAutoCommit(true);
    }
  }

  /** The migration that has the database in use, of those that found it empty. */
  static Optional<String> adopter(Connection database) throws SQLException {
    if (!hasTable(database)) {
      return Optional.empty();
    }
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SELECT migration_id FROM %s".formatted(TABLE))) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  /** The extensions that the database had when it was adopted. */
  static List<String> extensionsBefore(Connection database) throws SQLException {
    List<String> extensions = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT unnest(extensions) FROM %s".formatted(TABLE))) {
      while (rows.next()) {
        extensions.add(rows.getString(1));
      }
    }
    return extensions;
  }

  private static boolean hasTable(Connection database) throws SQLException {
    return TargetServer.text(database, "SELECT to_regclass(?)::text", TABLE).isPresent();
  }
}
