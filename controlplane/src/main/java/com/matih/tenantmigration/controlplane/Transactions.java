package com.matih.tenantmigration.controlplane;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs work on the control plane's database in one transaction. */
final class Transactions {

  private static final Logger log = LoggerFactory.getLogger(Transactions.class);

  private final DataSource database;

  Transactions(DataSource database) {
    this.database = database;
  }

  /**
   * Commits what the work did; whatever it throws undoes it all. Waits ten seconds at most for
   * another transaction's lock.
   *
   * @param attempted what is attempted, such as "read the audit trail"
   */
  <T> T run(String attempted, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      boolean committed = false;
      try {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET LOCAL lock_timeout = '10s'");
        }
        T result = work.run(connection);
        connection.commit();
        committed = true;
        return result;
      } finally {
        if (!committed) {
          rollBack(connection);
        }
      }
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate(attempted, e);
    }
  }

  /** A rollback that fails says less than what led to it; the server rolls back by itself then. */
  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      log.debug("a transaction could not be rolled back over its own connection", e);
    }
  }

  /** What happens in the transaction. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
