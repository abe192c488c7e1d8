package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Turns what the PostgreSQL driver throws into what an operator can read.
 *
 * <p>Only the server's own message and the SQLSTATE are told: the driver's messages can carry an
 * address with credentials, and the server's details can carry a tenant's values.
 */
public final class PostgresFailures {

  /** The server ended the session or takes none at the moment (the manual's class 57, 53300). */
  private static final Set<String> SERVER_AWAY =
      Set.of("57P01", "57P02", "57P03", "57P05", "53300");

  /** The driver gives up the login by itself. */
  private static final String REJECTED = "08004";

  /**
   * Bad data, wrong syntax or names, what PostgreSQL cannot do, and a change where one only reads.
   */
  private static final Pattern FAULT_OF_QUERY = Pattern.compile("0A000|22...|42(?!501)...|25006");

  private PostgresFailures() {}

  /** Whether the same query will fail again, however often it is tried. */
  static boolean isFaultOfTheQuery(SQLException e) {
    return e.getSQLState() != null && FAULT_OF_QUERY.matcher(e.getSQLState()).matches();
  }

  /**
   * The failure.
   *
   * @param doing what was attempted, such as "copy the rows of"
   * @param object on what, such as "shared_schema.queries"
   */
  public static MigrationException translate(String doing, String object, SQLException e) {
    return new MigrationException(
        type(e),
        "PostgreSQL could not %s %s: %s. %s"
            .formatted(doing, object, reason(e), remedy(type(e), e.getSQLState())),
        e);
  }

  /** Why, without the object: the server's message and the SQLSTATE. */
  public static String reason(SQLException e) {
    String state = e.getSQLState() == null ? "unknown" : e.getSQLState();
    ServerErrorMessage server =
        e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String message = server == null ? null : server.getMessage();
    return message == null
        ? "%s (SQLSTATE %s)".formatted(clientReason(e), state)
        : "%s (SQLSTATE %s)".formatted(message, state);
  }

  static FailureType type(SQLException e) {
    String state = e.getSQLState();
    if (state == null) {
      return FailureType.STORE_ERROR;
    }
    if (state.equals(REJECTED)) {
      return FailureType.PERMISSION_DENIED;
    }
    if (state.startsWith("08") || SERVER_AWAY.contains(state)) {
      return FailureType.STORE_UNREACHABLE;
    }
    if (state.startsWith("28") || state.equals("42501")) {
      return FailureType.PERMISSION_DENIED;
    }
    return FailureType.STORE_ERROR;
  }

  private static String remedy(FailureType type, @Nullable String state) {
    if (REJECTED.equals(state)) {
      return "Name a password (in a request by a reference, to restore as PGPASSWORD), or have the server do without one.";
    }
    if (type == FailureType.STORE_UNREACHABLE) {
      return "Check that the server runs and can be reached from the worker.";
    }
    if (type == FailureType.PERMISSION_DENIED) {
      return state != null && state.startsWith("28")
          ? "Correct the user or the password."
          : "Give the user that right.";
    }
    return "3D000".equals(state)
        ? "Correct the database's name in the URL, or create the database."
        : "The server's log has the details.";
  }

  private static String clientReason(SQLException e) {
    if (REJECTED.equals(e.getSQLState())) {
      return "the server asks for a password that is not there, or for a login that the driver does not know";
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.ConnectException) {
        return "the connection was refused or timed out";
      }
      if (cause instanceof java.net.SocketTimeoutException) {
        return "the server did not answer in time";
      }
      if (cause instanceof java.net.UnknownHostException) {
        return "the host's name is not known";
      }
    }
    return "the connection broke or could not be made";
  }
}
