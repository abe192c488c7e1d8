package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** One database, as one migration uses it. */
public record DatabaseAccess(
    PostgresConnections connections, PostgresSpec.Database database, String migrationId) {

  /** The shared database of a request that has one. */
  public static DatabaseAccess source(PostgresConnections connections, MigrationContext context) {
    return new DatabaseAccess(
        connections, context.spec(PostgresSpec.class).source(), context.migrationId());
  }

  /** The dedicated database of a request that has one. */
  public static DatabaseAccess target(PostgresConnections connections, MigrationContext context) {
    return new DatabaseAccess(
        connections, context.spec(PostgresSpec.class).target(), context.migrationId());
  }

  /** What is done in a transaction. */
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** What is done in a transaction and has no answer. */
  public interface Action {
    void in(Connection connection) throws SQLException;
  }

  /** A session whose statements may take long. */
  public Connection open(String what) {
    return connections.open(database, migrationId, what);
  }

  /** A session for short statements alone, see {@link ShortStatements}. */
  public Connection openShort(String what) {
    return connections.openShort(database, migrationId, what);
  }

  public Map<String, String> environment(String what) {
    return connections.libpqEnvironment(database, migrationId, what);
  }

  /** The argument by which a program finds the database; all else is in its environment. */
  public String programsDatabase() {
    return "--dbname=" + LibpqConnection.to(address().database());
  }

  public PostgresAddress address() {
    return connections.address(database);
  }

  /**
   * A session whose transactions write, also where the database refuses writes by default, and
   * whose statements may take long.
   */
  public Connection openForWrites(String what) {
    return forWrites(open(what));
  }

  /** The same for short statements alone. */
  public Connection openShortForWrites(String what) {
    return forWrites(openShort(what));
  }

  private Connection forWrites(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = off");
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw PostgresFailures.translate("prepare a session in", address().toString(), e);
    }
  }

  /**
   * Opens a connection, does the work in one transaction that changes something by short
   * statements, and commits.
   *
   * @param what what the connection is for, one word or two
   * @param doing what is attempted, for the failure
   * @param object on what, for the failure
   */
  <T> T write(String what, String doing, String object, Work<T> work) {
    try (Connection connection = openShortForWrites(what)) {
      return transaction(connection, doing, object, work);
    } catch (SQLException e) {
      throw PostgresFailures.translate(doing, object, e);
    }
  }

  /** {@link #write} without an answer. */
  public void change(String what, String doing, String object, Action action) {
    var unused = write(what, doing, object, answering(action));
  }

  /** {@link #change} by statements that may take long. */
  public void changeAtLength(String what, String doing, String object, Action action) {
    try (Connection connection = openForWrites(what)) {
      var unused = transaction(connection, doing, object, answering(action));
    } catch (SQLException e) {
      throw PostgresFailures.translate(doing, object, e);
    }
  }

  private static Work<Boolean> answering(Action action) {
    return connection -> {
      action.in(connection);
      return true;
    };
  }

  /**
   * Opens a connection and does the work in one transaction that sees one state and only reads, by
   * short statements.
   */
  public <T> T read(String what, String doing, String object, Work<T> work) {
    try (Connection connection = openShort(what)) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return transaction(connection, doing, object, work);
    } catch (SQLException e) {
      throw PostgresFailures.translate(doing, object, e);
    }
  }

  /**
   * Opens a connection and does the work, each short statement in a transaction of its own: a look
   * at many tables that keeps no lock on those that it has seen.
   */
  public <T> T look(String what, String doing, String object, Work<T> work) {
    try (Connection connection = openShort(what)) {
      connection.setReadOnly(true);
      return work.in(connection);
    } catch (SQLException e) {
      throw PostgresFailures.translate(doing, object, e);
    }
  }

  /** Does the work in one transaction of the connection, and commits. */
  public static <T> T transaction(
      Connection connection, String doing, String object, Work<T> work) {
    try {
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        T result = work.in(connection);
        connection.commit();
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(connection);
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate(doing, object, e);
    }
  }

  /** A rollback that fails says less than what led to it; the server rolls back by itself then. */
  static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      closeQuietly(connection);
    }
  }

  /** Breaks a connection from another thread, and with it what is going on over it. */
  public static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      closeQuietly(connection);
    }
  }

  public static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // the connection is given up; the server notices
    }
  }
}
