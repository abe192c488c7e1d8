package com.matih.tenantmigration.embedded.workload;

import java.sql.SQLException;
import java.util.Objects;

/** What a failure tells of the transaction's outcome. */
final class Outcomes {

  private Outcomes() {}

  /** The SQLSTATE; {@code "none"} if the driver gave none. */
  static String state(SQLException e) {
    return Objects.requireNonNullElse(e.getSQLState(), "none");
  }

  /**
   * Whether a failed commit may have succeeded: the connection was lost (class 08), or the server
   * ended the session (57P01 to 57P05), which it can also do after the commit.
   */
  static boolean mayHaveCommitted(SQLException e) {
    String state = state(e);
    return state.equals("none")
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("40003");
  }
}
