package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a migration remembers in the dedicated database itself: who may write, and which steps are
 * done.
 *
 * <p>Each attempt of an activity takes over by raising the epoch, after which no earlier attempt
 * commits anything that {@link #requireCurrent} guards, and ends the sessions of earlier attempts.
 * The epoch's row is locked only between that check and its commit, so that a stuck attempt holds
 * nobody up. Once the tenant is about to write here, {@link #revoke} takes the row away, and with
 * it the right of every attempt, whenever it comes.
 */
final class Ledger {

  private static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS %1$s.writer (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        epoch bigint NOT NULL);
      INSERT INTO %1$s.writer (epoch) VALUES (0) ON CONFLICT DO NOTHING;
      CREATE TABLE IF NOT EXISTS %1$s.step (
        name text PRIMARY KEY,
        detail text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp());
      CREATE TABLE IF NOT EXISTS %1$s.copied_table (
        table_name text PRIMARY KEY,
        number integer NOT NULL UNIQUE,
        root text NOT NULL,
        columns text NOT NULL,
        filenode bigint NOT NULL,
        format text NOT NULL);
      CREATE TABLE IF NOT EXISTS %1$s.chunk (
        table_name text NOT NULL REFERENCES %1$s.copied_table ON DELETE CASCADE,
        first_block bigint NOT NULL,
        end_block bigint,
        estimated_rows bigint NOT NULL,
        estimated_bytes bigint NOT NULL,
        rows bigint,
        bytes bigint,
        sha256 text,
        part text,
        epoch bigint,
        PRIMARY KEY (table_name, first_block));
      """
          .formatted(MigrationNames.LEDGER_SCHEMA);

  /** What sessions are for that write for an attempt starts with this. */
  static final String WRITING = "write e";

  private Ledger() {}

  /** Creates the ledger's tables in its schema where they do not stand yet. */
  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + MigrationNames.LEDGER_SCHEMA);
      statement.execute(DDL);
    }
  }

  /**
   * Makes this attempt the only one that may write, and ends the sessions of earlier ones.
   *
   * @return the attempt's epoch
   * @throws MigrationException of type WRITER_SUPERSEDED where nobody may write any more
   */
  static long takeOver(DatabaseAccess target) {
    long epoch =
        target.write(
            "take over",
            "take over the ledger of",
            "the dedicated database",
            connection -> {
              try (Statement statement = connection.createStatement();
                  ResultSet row =
                      statement.executeQuery(
                          sql("UPDATE %s.writer SET epoch = epoch + 1 RETURNING epoch"))) {
                if (!row.next()) {
                  throw superseded();
                }
                return row.getLong(1);
              }
            });
    target.change(
        "take over",
        "end the earlier sessions in",
        "the dedicated database",
        connection -> endEarlierWriters(connection, target.migrationId(), epoch));
    return epoch;
  }

  /** What a session that writes for an attempt is for; {@link #takeOver} knows it by that. */
  static String writing(long epoch, String what) {
    return WRITING + epoch + " " + what;
  }

  private static void endEarlierWriters(Connection connection, String migrationId, long epoch)
      throws SQLException {
    String prefix = PostgresConnections.applicationNamePrefix(migrationId) + " " + WRITING;
    Pattern writer = Pattern.compile(Pattern.quote(prefix) + "(\\d+) .*");
    try (PreparedStatement sessions =
            connection.prepareStatement(
                "SELECT pid, application_name FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND starts_with(application_name, ?)");
        PreparedStatement end = connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
      sessions.setString(1, prefix);
      try (ResultSet rows = sessions.executeQuery()) {
        while (rows.next()) {
          Matcher name = writer.matcher(rows.getString(2));
          if (name.matches() && Long.parseLong(name.group(1)) < epoch) {
            end.setInt(1, rows.getInt(1));
            end.execute();
          }
        }
      }
    }
  }

  /**
   * Holds the right to write until the transaction ends.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over
   */
  static void requireCurrent(Connection transaction, long epoch) throws SQLException {
    try (Statement statement = transaction.createStatement();
        ResultSet row = statement.executeQuery(sql("SELECT epoch FROM %s.writer FOR SHARE"))) {
      if (!row.next() || row.getLong(1) != epoch) {
        throw superseded();
      }
    }
  }

  /** Takes the right to write from every attempt, also from those to come; repeatable. */
  static void revoke(DatabaseAccess target) {
    target.change(
        "revoke",
        "revoke the right to write in",
        "the dedicated database",
        connection -> {
          if (TargetServer.text(connection, "SELECT to_regclass(?)::text", sql("%s.writer"))
              .isPresent()) {
            FenceCatalog.execute(connection, sql("DELETE FROM %s.writer"));
          }
        });
  }

  private static MigrationException superseded() {
    return new MigrationException(
        FailureType.WRITER_SUPERSEDED,
        "A later attempt has taken over the dedicated database; this one wrote nothing more.");
  }

  /** What was noted with a step that is done; empty while it is not. */
  static Optional<String> step(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql("SELECT detail FROM %s.step WHERE name = ?"))) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** Notes that a step is done; what was noted first stays. */
  static void mark(Connection transaction, String name, String detail) throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            sql("INSERT INTO %s.step (name, detail) VALUES (?, ?) ON CONFLICT DO NOTHING"))) {
      statement.setString(1, name);
      statement.setString(2, detail);
      statement.executeUpdate();
    }
  }

  /** Removes the ledger, also from a database that refuses writes by default. */
  static void drop(DatabaseAccess target) {
    target.change(
        "drop ledger",
        "drop the ledger of",
        "the dedicated database",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(sql("DROP SCHEMA IF EXISTS %s CASCADE"));
          }
        });
  }

  static String sql(String statement) {
    return statement.formatted(MigrationNames.LEDGER_SCHEMA);
  }
}
