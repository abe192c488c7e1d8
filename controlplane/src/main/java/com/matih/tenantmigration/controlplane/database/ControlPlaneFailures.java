package com.matih.tenantmigration.controlplane.database;

import com.matih.tenantmigration.controlplane.database.AddressedPool.NoConnectionException;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.SQLException;

/** Turns what the control plane's driver throws into what an operator can read. */
public final class ControlPlaneFailures {

  private static final String NO_DATABASE = "3D000";
  private static final String NO_SCHEMA = "3F000";
  private static final String NO_TABLE = "42P01";

  private ControlPlaneFailures() {}

  /**
   * The failure, retryable but for missing rights. The driver's message stays in the worker's log:
   * it may carry an address.
   *
   * @param attempted what was attempted, such as "read the audit trail"
   */
  public static MigrationException translate(String attempted, SQLException e) {
    String state = e.getSQLState() == null ? "unknown" : e.getSQLState();
    FailureType type =
        state.startsWith("08")
            ? FailureType.STORE_UNREACHABLE
            : state.startsWith("28") || state.equals("42501")
                ? FailureType.PERMISSION_DENIED
                : FailureType.STORE_ERROR;
    if (e instanceof NoConnectionException none && state.equals(NO_DATABASE)) {
      return new MigrationException(
          type,
          ("The control plane database %s does not exist on the server at %s (SQLSTATE %s)."
                  + " Correct its JDBC URL, or create the database (CREATE DATABASE) and start a"
                  + " worker, which creates the tables.")
              .formatted(none.database(), none.address(), state),
          e);
    }
    if (state.equals(NO_TABLE) || state.equals(NO_SCHEMA)) {
      return new MigrationException(
          type,
          ("The control plane database has no tables in schema tenant_control to %s (SQLSTATE"
                  + " %s). Correct its JDBC URL, or start a worker with it, which creates them.")
              .formatted(attempted, state),
          e);
    }
    if (e instanceof NoConnectionException none) {
      return new MigrationException(
          type,
          "Cannot connect to the control plane database at %s to %s (SQLSTATE %s). %s"
              .formatted(
                  none.address(),
                  attempted,
                  state,
                  type == FailureType.PERMISSION_DENIED
                      ? "Correct the user or password."
                      : "Check that it is running and reachable."),
          e);
    }
    return new MigrationException(
        type,
        ("The control plane database failed to %s (SQLSTATE %s). Check that it is"
                    + " running and that its user")
                .formatted(attempted, state)
            + " may use schema tenant_control.",
        e);
  }
}
