package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One database, as one migration uses it.
 *
 * @param database where the server is, and as whom to connect
 * @param otherName the name of another database of that server; null for the one that the URL names
 */
public record DatabaseAccess(
    PostgresConnections connections,
    PostgresSpec.Database database,
    @Nullable String otherName,
    String migrationId,
    Surroundings surroundings) {

  /** A database whose expressions are not evaluated. */
  public DatabaseAccess(
      PostgresConnections connections, PostgresSpec.Database database, String migrationId) {
    this(connections, database, null, migrationId, Surroundings.NONE);
  }

  /** The shared database of a request that has one. */
  public static DatabaseAccess source(PostgresConnections connections, MigrationContext context) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    return new DatabaseAccess(
        connections,
        spec.source(),
        null,
        context.migrationId(),
        new Surroundings(List.of(spec.sourceSchema()), true, Map.of()));
  }

  /** The dedicated database of a request that has one. */
  public static DatabaseAccess target(PostgresConnections connections, MigrationContext context) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    return new DatabaseAccess(
        connections, spec.target(), null, context.migrationId(), ofTarget(spec));
  }

  /** The schema stands under its source's name first, and then under its own. */
  private static Surroundings ofTarget(PostgresSpec spec) {
    return new Surroundings(List.of(spec.sourceSchema(), spec.targetSchema()), false, Map.of());
  }

  /** Another database of the same server. */
  public DatabaseAccess inDatabase(String name) {
    return new DatabaseAccess(connections, database, name, migrationId, surroundings);
  }

  /** The same with settings of the source's database in each session. */
  public DatabaseAccess with(Map<String, String> settings) {
    return new DatabaseAccess(
        connections, database, otherName, migrationId, surroundings.with(settings));
  }

  /** The same where bare names are looked for in more schemas. */
  public DatabaseAccess searching(Collection<String> schemas) {
    return new DatabaseAccess(
        connections, database, otherName, migrationId, surroundings.searching(schemas));
  }

  /** The same for a schema whose expressions are evaluated, where nobody else is at work. */
  public DatabaseAccess evaluating(String schema, Map<String, String> settings) {
    return new DatabaseAccess(
        connections,
        database,
        otherName,
        migrationId,
        new Surroundings(List.of(schema), false, settings));
  }

  /** The database's name. */
  public String name() {
    return otherName == null ? address().database() : otherName;
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
    return prepared(connections.open(database, name(), migrationId, what));
  }

  /** A session for short statements alone, see {@link ShortStatements}. */
  public Connection openShort(String what) {
    return prepared(connections.openShort(database, name(), migrationId, what));
  }

  public Map<String, String> environment(String what) {
    return connections.libpqEnvironment(
        database, name(), migrationId, what, surroundings.settings());
  }

  /** The same for a program that writes, also where the database refuses writes by default. */
  public Map<String, String> environmentForWrites(String what) {
    Map<String, String> settings = new HashMap<>(surroundings.settings());
    settings.put("default_transaction_read_only", "off");
    return with(settings).environment(what);
  }

  /** The argument by which a program finds the database; all else is in its environment. */
  public String programsDatabase() {
    return "--dbname=" + LibpqConnection.to(name());
  }

  public PostgresAddress address() {
    return connections.address(database);
  }

  /**
   * A session whose transactions write, also where the database refuses writes by default, and
   * whose statements may take long. Its commits survive a crash of the server even if {@code
   * synchronous_commit} is off by default: the shared side's notes of what is committed here are
   * deleted.
   */
  public Connection openForWrites(String what) {
    return forWrites(open(what));
  }

  /** The same for short statements alone. */
  public Connection openShortForWrites(String what) {
    return forWrites(openShort(what));
  }

  private Connection prepared(Connection connection) {
    try {
      surroundings.enter(connection);
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw PostgresFailures.translate("prepare a session in", address().toString(), e);
    }
  }

  private Connection forWrites(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = off; " + Sql.COMMIT_SYNCHRONOUSLY);
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
