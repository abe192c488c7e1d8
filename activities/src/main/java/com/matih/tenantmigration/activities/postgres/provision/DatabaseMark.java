package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.SQLException;
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

  /** The database's comment; empty text where there is none. */
  static String read(Connection maintenance, String name) throws SQLException {
    return Sql.text(
            maintenance,
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
                + " WHERE datname = ?",
            name)
        .orElse("");
  }

  private static String prefix(String migrationId) {
    return "tenant-migration " + migrationId;
  }

  /** Marks an empty database as in use, and notes which extensions it has. */
  static void adopt(Connection database, String migrationId) throws SQLException {
    var unused =
        Sql.inTransaction(
            database,
            transaction -> {
              Sql.execute(transaction, "CREATE SCHEMA " + MigrationNames.LEDGER_SCHEMA);
              Sql.execute(
                  transaction,
                  "CREATE TABLE %s (migration_id text PRIMARY KEY, extensions text[] NOT NULL)"
                      .formatted(TABLE));
              return Sql.update(
                  transaction,
                  "INSERT INTO %s VALUES (?, ?)".formatted(TABLE),
                  migrationId,
                  Sql.array("text", DatabaseContents.extensions(transaction)));
            });
  }

  /** The migration that has the database in use, of those that found it empty. */
  static Optional<String> adopter(Connection database) throws SQLException {
    if (!hasTable(database)) {
      return Optional.empty();
    }
    return Sql.text(database, "SELECT migration_id FROM %s".formatted(TABLE));
  }

  /** The extensions that the database had when it was adopted. */
  static List<String> extensionsBefore(Connection database) throws SQLException {
    return Sql.texts(database, "SELECT unnest(extensions) FROM %s".formatted(TABLE));
  }

  private static boolean hasTable(Connection database) throws SQLException {
    return Sql.text(database, "SELECT to_regclass(?)::text", TABLE).isPresent();
  }
}
