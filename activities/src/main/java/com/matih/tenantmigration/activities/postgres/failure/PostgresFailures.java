package com.matih.tenantmigration.activities.postgres.failure;

import com.matih.tenantmigration.activities.secrets.TlsProblem;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Turns what the PostgreSQL driver throws into what an operator can read.
 *
 * <p>Only the server's own message, the objects that it names and the SQLSTATE are told: the
 * driver's messages can carry an address with credentials, and the server's details can carry a
 * tenant's values. {@link SqlStates} decides which failure it is.
 */
public final class PostgresFailures {

  /** The driver gives up the login by itself. */
  private static final String REJECTED = "08004";

  private static final Pattern NEEDS_CERTIFICATE =
      Pattern.compile("(?i)requires a valid client certificate");
  private static final Pattern NEEDS_TLS =
      Pattern.compile("(?i)no pg_hba.conf entry .*, no encryption");
  private static final Pattern UNUSABLE_FILE =
      Pattern.compile("(?i)(could not|loading the) .*SSL.* (certificate|key)");

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String SYSTEM_SCHEMA = "pg_catalog";

  private PostgresFailures() {}

  /** Whether the same query will fail again, however often it is tried. */
  public static boolean isFaultOfTheQuery(SQLException e) {
    return SqlStates.isFaultOfTheQuery(e.getSQLState());
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
            .formatted(
                doing,
                object,
                reason(e),
                tls(e)
                    .map(TlsProblem::remedy)
                    .or(() -> ConnectionLimits.remedy(e))
                    .orElseGet(() -> remedy(type(e), e.getSQLState(), reason(e)))),
        e);
  }

  /** Why: the server's message, the objects that it names, and the SQLSTATE; no value of a row. */
  public static String reason(SQLException e) {
    ServerErrorMessage server = server(e);
    return server == null || server.getMessage() == null
        ? "%s (SQLSTATE %s)"
            .formatted(clientReason(e), e.getSQLState() == null ? "unknown" : e.getSQLState())
        : ServerWords.tell(
            new ServerWords.Report(
                e.getSQLState(),
                server.getMessage(),
                server.getSchema(),
                server.getTable(),
                server.getColumn(),
                server.getDatatype(),
                server.getConstraint(),
                server.getWhere()));
  }

  /** The name of the constraint that the server's error is about; empty where there is none. */
  public static String constraint(SQLException e) {
    ServerErrorMessage server = server(e);
    String name = server == null ? null : server.getConstraint();
    return name == null ? "" : name;
  }

  /** Whether the server met the error inside of a function rather than in the statement itself. */
  public static boolean isOfAFunction(SQLException e) {
    ServerErrorMessage server = server(e);
    return server != null && server.getWhere() != null && server.getWhere().contains("function");
  }

  private static @Nullable ServerErrorMessage server(SQLException e) {
    return e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
  }

  public static FailureType type(SQLException e) {
    if (tls(e).isPresent()) {
      return FailureType.BAD_REQUEST;
    }
    return isRaceInTheCatalog(e) ? FailureType.STORE_ERROR : SqlStates.typeOf(e.getSQLState());
  }

  /** What the driver, or the server before a login, says of TLS. */
  private static Optional<TlsProblem> tls(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (server(e) != null) {
      return NEEDS_CERTIFICATE.matcher(message).find()
          ? Optional.of(
              new TlsProblem(
                  "the server wants a client certificate", "Name sslcert and sslkey in the URL."))
          : NEEDS_TLS.matcher(message).find()
              ? Optional.of(
                  new TlsProblem(
                      "the server takes this user only over TLS", "Set sslmode in the URL."))
              : Optional.empty();
    }
    if (message.contains("does not support SSL")) {
      return Optional.of(
          new TlsProblem(
              "the server does not speak TLS", "Correct the port, or sslmode in the URL."));
    }
    if (message.contains("by hostnameverifier")) {
      return Optional.of(
          new TlsProblem(
              "its certificate is for another host name",
              "Use a name in the URL that the certificate has."));
    }
    return UNUSABLE_FILE.matcher(message).find()
        ? Optional.of(
            new TlsProblem(
                "the driver cannot use the URL's files for TLS",
                "Name certificates as PEM, and a key without a password as PEM or PKCS-8."))
        : TlsProblem.of(e, "sslrootcert in the URL");
  }

  /** Two sessions that create the same object: the later one meets the catalog's own index. */
  private static boolean isRaceInTheCatalog(SQLException e) {
    ServerErrorMessage server = server(e);
    return UNIQUE_VIOLATION.equals(e.getSQLState())
        && server != null
        && SYSTEM_SCHEMA.equals(server.getSchema());
  }

  private static String remedy(FailureType type, @Nullable String state, String reason) {
    if (REJECTED.equals(state)) {
      return "Name a password (in a request by a reference, for restore as PGPASSWORD), or"
          + " configure the server to need none.";
    }
    if (type == FailureType.STORE_UNREACHABLE) {
      return "Check that the server is running and reachable from the worker.";
    }
    if (type == FailureType.PERMISSION_DENIED) {
      return state != null && state.startsWith("28")
          ? "Correct the user or the password."
          : "Grant the user that right.";
    }
    if ("3D000".equals(state)) {
      return "Correct the database's name in the URL, or create the database.";
    }
    return FinalFailures.remedy(type, reason).orElse("The server's log has the details.");
  }

  private static String clientReason(SQLException e) {
    Optional<TlsProblem> tls = tls(e);
    if (tls.isPresent()) {
      return tls.get().why();
    }
    if (REJECTED.equals(e.getSQLState())) {
      return "the server requires a password that is missing, or a login method that the driver"
          + " does not support";
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.ConnectException) {
        return "the connection was refused or timed out";
      }
      if (cause instanceof java.net.SocketTimeoutException) {
        return "the server did not answer in time";
      }
      if (cause instanceof java.net.UnknownHostException) {
        return "the host name is unknown";
      }
    }
    return "the connection broke or could not be opened";
  }
}
