package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.sessions.LeftSession;
import com.matih.tenantmigration.activities.postgres.sessions.SessionEnder;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** Ends the sessions that attempts of a migration left behind, found by their application name. */
public final class MigrationBackends {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** Our own session is no leftover; others' sessions of another database may serve a check. */
  private static final String TERMINATE =
      "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE datname = ? AND starts_with(application_name, ?)"
          + " AND pid <> pg_backend_pid()) ended";

  /**
   * An autovacuum has no user, and only a superuser may end it; the server ends it by itself where
   * it would be in the way. The sort of session is hidden from who has not its role's privileges.
   */
  private static final String TERMINATE_ALL =
      "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE datname = ? AND ? = '' AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
          + " AND coalesce(backend_type, 'client backend') = 'client backend') ended";

  private MigrationBackends() {}

  /**
   * Ends the sessions and waits until they are gone, so that nothing they began goes on.
   *
   * @param database the database they are connected to
   * @param what the start of what they are for; empty for all of the migration's
   */
  public static void terminate(
      Connection connection, String database, String migrationId, String what) throws SQLException {
    String name = PostgresConnections.applicationNamePrefix(migrationId) + " " + what;
    terminateAndWait(connection, TERMINATE, database, name);
  }

  /**
   * Ends all sessions of the migration in the connection's database but this one, and waits for
   * some seconds until they are gone.
   *
   * @param connection in autocommit mode
   * @return those that could not be ended
   */
  public static List<LeftSession> endAll(Connection connection, String migrationId)
      throws SQLException {
    return end(
        connection, PostgresConnections.applicationNamePrefix(migrationId) + " ", all -> true);
  }

  /**
   * Ends some sessions of the connection's database, and waits for some seconds until they are
   * gone.
   *
   * @param connection in autocommit mode
   * @param prefix how their application name starts
   * @param which says by the application name which of those
   * @return those that could not be ended
   */
  public static List<LeftSession> end(Connection connection, String prefix, Predicate<String> which)
      throws SQLException {
    return SessionEnder.end(connection, prefix, which, PATIENCE);
  }

  /** Ends all sessions of a database that takes no new ones. */
  public static void terminateAll(Connection connection, String database) throws SQLException {
    terminateAndWait(connection, TERMINATE_ALL, database, "");
  }

  private static void terminateAndWait(
      Connection connection, String sql, String database, String applicationName)
      throws SQLException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Sql.number(connection, sql, database, applicationName) > 0) {
      if (Instant.now().isAfter(deadline)) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Sessions in database %s did not end within %d s. Look for them in pg_stat_activity%s."
                .formatted(
                    database,
                    PATIENCE.toSeconds(),
                    applicationName.isEmpty()
                        ? ""
                        : " by their application name, '" + applicationName + "'"));
      }
      WorkScope.current().pause(BETWEEN_LOOKS);
    }
  }
}
