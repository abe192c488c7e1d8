package com.matih.tenantmigration.controlplane.database;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work on the control plane's database in one transaction. */
public final class Transactions {

  private final DataSource database;

  public Transactions(DataSource database) {
    this.database = database;
  }

  /**
   * Commits what the work did; whatever it throws undoes it all. Waits five seconds at most for
   * another transaction's lock.
   *
   * @param attempted what is attempted, such as "read the audit trail"
   */
  public <T> T run(String attempted, Sql.Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return Sql.inTransaction(
          connection,
          transaction -> {
            Sql.execute(transaction, "SET LOCAL lock_timeout = '5s'");
            return work.run(transaction);
          });
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate(attempted, e);
    }
  }
}
