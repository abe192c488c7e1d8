package com.matih.tenantmigration.activities.postgres.failure;

import java.sql.SQLException;
import java.util.Optional;

/** Says which limit a server that accepts no further session has reached, and what to raise. */
final class ConnectionLimits {

  /** too_many_connections. */
  private static final String TOO_MANY_CONNECTIONS = "53300";

  private ConnectionLimits() {}

  /** What to do where a failure is of such a limit; empty for other failures. */
  static Optional<String> remedy(SQLException e) {
    return TOO_MANY_CONNECTIONS.equals(e.getSQLState())
        ? Optional.of(remedyOf(PostgresFailures.reason(e)))
        : Optional.empty();
  }

  private static String remedyOf(String reason) {
    if (reason.contains("connections for role")) {
      return "The user's CONNECTION LIMIT is reached. Raise it (ALTER ROLE ... CONNECTION LIMIT), or"
          + " end sessions of that user.";
    }
    if (reason.contains("connections for database")) {
      return "The database's CONNECTION LIMIT is reached. Raise it (ALTER DATABASE ... CONNECTION"
          + " LIMIT), or end sessions in that database.";
    }
    if (reason.contains("too many clients") || reason.contains("are reserved for")) {
      return "The server's max_connections is reached, of which some are reserved for superusers."
          + " Raise it, which takes a restart of the server, or end idle sessions.";
    }
    // a server that speaks another language
    return "A limit of sessions is reached: the server's max_connections, or the CONNECTION LIMIT of"
        + " the user or the database. Raise it, or end idle sessions.";
  }
}
