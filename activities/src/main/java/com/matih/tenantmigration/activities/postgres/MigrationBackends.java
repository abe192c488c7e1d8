package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Ends the sessions that attempts of a migration left behind, found by their application name. */
final class MigrationBackends {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Our own session is no leftover; others' sessions of another database may serve a check. */
  private static final String TERMINATE =
      "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE datname = ? AND starts_with(application_name, ?)"
          + " AND pid <> pg_backend_pid()) ended";

  private MigrationBackends() {}

  /**
   * Ends the sessions and waits until they are gone, so that nothing they began goes on.
   *
   * @param database the database they are connected to
   * @param what the start of what they are for; empty for all of the migration's
   */
  static void terminate(Connection connection, String database, String migrationId, String what)
      throws SQLException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (terminateOnce(connection, database, migrationId, what) > 0) {
      if (Instant.now().isAfter(deadline)) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Sessions of this migration in database %s did not end within %d s."
                    .formatted(database, PATIENCE.toSeconds())
                + " Look for their application name '%s' in pg_stat_activity."
                    .formatted(PostgresConnections.applicationNamePrefix(migrationId)));
      }
      pause();
    }
  }

  private static long terminateOnce(
      Connection connection, String database, String migrationId, String what) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
      statement.setString(1, database);
      statement.setString(2, PostgresConnections.applicationNamePrefix(migrationId) + " " + what);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.CANCELLED, "The work was asked to stop while it waited for sessions.", e);
    }
  }
}
