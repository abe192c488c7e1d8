package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.MigrationBackends;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sessions.LeftSession;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a migration remembers in the dedicated database itself: who may write, and which steps are
 * done.
 *
 * <p>Each attempt of an activity takes over by ending the sessions of earlier attempts and raising
 * the epoch to its own {@link Attempt#order}, after which no earlier attempt commits anything that
 * {@link #requireCurrent} guards. An attempt that was held up finds a higher epoch and takes
 * nothing over. The epoch's row is locked only between that check and its commit; who is stuck
 * there holds nobody up, since its session is ended first. Once the tenant is about to write here,
 * {@link #revoke} takes the row away, and with it the right of every attempt, whenever it comes.
 */
public final class Ledger {

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
  public static final String WRITING = "write e";

  private static final String LOCK_NOT_GRANTED = "55P03";

  /** Then the sessions that may be in the way are looked for again. */
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Ledger() {}

  /** Creates the ledger's tables in its schema where they do not stand yet. */
  public static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + MigrationNames.LEDGER_SCHEMA);
      statement.execute(DDL);
    }
  }

  /**
   * Makes this attempt the only one that may write, and ends the sessions of earlier ones.
   *
   * @return the attempt's epoch
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over,
   *     WORK_ENDED where nobody may write any more
   */
  public static long takeOver(DatabaseAccess target, Attempt attempt) {
    long epoch = attempt.order();
    try (Connection connection = target.openShortForWrites("take over")) {
      Sql.execute(connection, "SET lock_timeout = " + LOCK_TIMEOUT.toMillis());
      Instant deadline = Instant.now().plus(PATIENCE);
      do {
        requireNotLater(connection, epoch);
        // first, since one of them may be stuck between its check of the epoch and its commit
        var unused = endEarlierWriters(connection, target.migrationId(), epoch);
      } while (!isRaised(connection, epoch, deadline));
      // and those that came in between: what they build is not guarded by the epoch
      List<LeftSession> left = endEarlierWriters(connection, target.migrationId(), epoch);
      if (!left.isEmpty()) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Sessions of an earlier attempt in the dedicated database could not be ended: %s."
                .formatted(left.get(0)));
      }
      return epoch;
    } catch (SQLException e) {
      throw PostgresFailures.translate("take over the ledger of", "the dedicated database", e);
    }
  }

  private static void requireNotLater(Connection connection, long epoch) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql("SELECT epoch FROM %s.writer"))) {
      if (!row.next()) {
        throw ended();
      }
      if (row.getLong(1) > epoch) {
        throw superseded();
      }
    }
  }

  private static boolean isRaised(Connection connection, long epoch, Instant deadline)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql("UPDATE %s.writer SET epoch = ? WHERE epoch <= ?"))) {
      statement.setLong(1, epoch);
      statement.setLong(2, epoch);
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      if (LOCK_NOT_GRANTED.equals(e.getSQLState()) && Instant.now().isBefore(deadline)) {
        return false;
      }
      throw e;
    }
  }

  /** What a session that writes for an attempt is for; {@link #takeOver} knows it by that. */
  public static String writing(long epoch, String what) {
    return WRITING + epoch + " " + what;
  }

  private static List<LeftSession> endEarlierWriters(
      Connection connection, String migrationId, long epoch) throws SQLException {
    String prefix = PostgresConnections.applicationNamePrefix(migrationId) + " " + WRITING;
    Pattern writer = Pattern.compile(Pattern.quote(prefix) + "(\\d+) .*");
    return MigrationBackends.end(
        connection,
        prefix,
        application -> {
          Matcher name = writer.matcher(application);
          return name.matches() && Long.parseLong(name.group(1)) < epoch;
        });
  }

  /**
   * Holds the right to write until the transaction ends.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over,
   *     WORK_ENDED where nobody may write any more
   */
  public static void requireCurrent(Connection transaction, long epoch) throws SQLException {
    try (Statement statement = transaction.createStatement();
        ResultSet row = statement.executeQuery(sql("SELECT epoch FROM %s.writer FOR SHARE"))) {
      if (!row.next()) {
        throw ended();
      }
      if (row.getLong(1) != epoch) {
        throw superseded();
      }
    }
  }

  /** Takes the right to write from every attempt, also from those to come; repeatable. */
  public static void revoke(DatabaseAccess target) {
    target.change(
        "revoke",
        "revoke the right to write in",
        "the dedicated database",
        connection -> {
          if (Sql.text(connection, "SELECT to_regclass(?)::text", sql("%s.writer")).isPresent()) {
            Sql.execute(connection, sql("DELETE FROM %s.writer"));
          }
        });
  }

  private static MigrationException ended() {
    return new MigrationException(
        FailureType.WORK_ENDED,
        "All attempts have lost the right to write to the dedicated database.");
  }

  private static MigrationException superseded() {
    return new MigrationException(
        FailureType.WRITER_SUPERSEDED,
        "A later attempt has taken over the dedicated database; this one stopped writing.");
  }

  /** What was noted with a step that is done; empty while it is not. */
  public static Optional<String> step(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql("SELECT detail FROM %s.step WHERE name = ?"))) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** Notes that a step is done; what was noted first stays. */
  public static void mark(Connection transaction, String name, String detail) throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            sql("INSERT INTO %s.step (name, detail) VALUES (?, ?) ON CONFLICT DO NOTHING"))) {
      statement.setString(1, name);
      statement.setString(2, detail);
      statement.executeUpdate();
    }
  }

  /** Removes the ledger, also from a database that refuses writes by default. */
  public static void drop(DatabaseAccess target) {
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
