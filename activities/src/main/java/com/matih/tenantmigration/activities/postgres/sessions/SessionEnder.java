package com.matih.tenantmigration.activities.postgres.sessions;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Ends sessions by the start of their application name, and tells which are still there. */
public final class SessionEnder {

  private static final String NO_RIGHT = "42501";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private static final String SESSIONS =
      """
      SELECT pid, coalesce(usename::text, usesysid::text) AS role, application_name
        FROM pg_stat_activity
       WHERE datname = current_database() AND starts_with(application_name, ?)
         AND pid <> pg_backend_pid()
       ORDER BY pid
      """;

  private SessionEnder() {}

  /**
   * Ends the sessions of the connection's database and waits until they are gone: only then have
   * they let go of their locks. A session that may not be ended is not waited for.
   *
   * @param connection in autocommit mode
   * @param prefix how their application name starts
   * @param which says by the application name which of those
   * @param patience how long to wait
   * @return those that are still there
   */
  public static List<LeftSession> end(
      Connection connection, String prefix, Predicate<String> which, Duration patience)
      throws SQLException {
    Instant deadline = Instant.now().plus(patience);
    while (true) {
      List<LeftSession> ending = new ArrayList<>();
      List<LeftSession> refused = new ArrayList<>();
      Sql.forEach(
          connection,
          SESSIONS,
          row -> {
            int pid = row.getInt("pid");
            String role = row.getString("role");
            String name = row.getString("application_name");
            if (!which.test(name)) {
              return;
            }
            if (end(connection, pid)) {
              ending.add(
                  new LeftSession(pid, role, name, "it was told to end and has not ended yet"));
            } else {
              refused.add(
                  new LeftSession(
                      pid,
                      role,
                      name,
                      "only a member of the role %s or of pg_signal_backend may end it"
                          .formatted(role)));
            }
          },
          prefix);
      if (ending.isEmpty() || Instant.now().isAfter(deadline)) {
        refused.addAll(ending);
        return List.copyOf(refused);
      }
      WorkScope.current().pause(BETWEEN_LOOKS);
    }
  }

  /** Whether the session may be ended; it may have ended by itself meanwhile. */
  private static boolean end(Connection connection, int pid) throws SQLException {
    try {
      Sql.execute(connection, "SELECT pg_terminate_backend(?)", pid);
      return true;
    } catch (SQLException e) {
      if (NO_RIGHT.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
