package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/**
 * Recognises a connection pooler between us and a server. One that lends a server's session for a
 * transaction at a time, as PgBouncer does with {@code pool_mode = transaction}, loses what
 * sessions rely on here: settings, locks of the session, its name, by which earlier attempts are
 * ended.
 */
final class Poolers {

  private static final String PROCESS = "SELECT pg_backend_pid()";

  /**
   * With so many transactions at a time one of them gets the session that another one was given.
   */
  private static final int TRANSACTIONS = 4;

  static final String REMEDY =
      "Name the server itself in the URL, or a pool of the pooler with pool_mode = session.";

  private Poolers() {}

  /**
   * Refuses a pooler that lends sessions for a transaction, and warns of any other one.
   *
   * @param side the side's name in the request
   * @param sessions opens another connection
   */
  static void examine(String side, Supplier<Connection> sessions, PlanNotes findings)
      throws SQLException {
    List<Connection> others = new ArrayList<>();
    try (Connection first = sessions.get()) {
      long own = Sql.number(first, PROCESS);
      boolean isLent = false;
      for (int i = 0; i < TRANSACTIONS && !isLent; i++) {
        Connection other = sessions.get();
        others.add(other);
        other.setAutoCommit(false);
        isLent = Sql.number(other, PROCESS) == own || Sql.number(first, PROCESS) != own;
      }
      if (isLent) {
        findings.refuse(
            side,
            "is reached through a connection pooler that lends a session of the server for one"
                + " transaction at a time, so that settings and locks of a session get lost",
            REMEDY);
      } else if (first.unwrap(PGConnection.class).getBackendPID() != own) {
        findings.warn(
            side,
            "is reached through something that answers in the server's place, such as a connection"
                + " pooler. It must give each connection a session of its own for as long as it"
                + " lasts. "
                + REMEDY);
      }
    } finally {
      others.forEach(DatabaseAccess::closeQuietly);
    }
  }
}
