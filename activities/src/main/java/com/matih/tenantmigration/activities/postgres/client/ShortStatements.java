package com.matih.tenantmigration.activities.postgres.client;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Limits how long the driver waits for the server while only short statements run over a
 * connection, so that a server that falls silent is given up without anybody's help. What may take
 * long, such as a copy or the build of an index, waits without a limit: a cancel or the watchdog
 * ends it.
 */
public final class ShortStatements {

  /**
   * How long the server may send nothing at all. Longer than any lock that a short statement waits
   * for, and short enough for a step that is tried until it is done.
   */
  public static final Duration LIMIT = Duration.ofSeconds(30);

  private ShortStatements() {}

  /** What is done over a connection. */
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** What is done over a connection and has no answer. */
  public interface Action {
    void run() throws SQLException;
  }

  /** From now on the connection runs short statements. */
  public static void only(Connection connection) throws SQLException {
    limit(connection, LIMIT);
  }

  /** The connection's statements end within that time on the server, by its own limit. */
  public static void only(Connection connection, Duration onServer) throws SQLException {
    limit(connection, onServer.plus(LIMIT));
  }

  /** The work runs short statements; the connection has its own limit again afterwards. */
  public static <T> T during(Connection connection, Work<T> work) throws SQLException {
    return with(connection, (int) LIMIT.toMillis(), work);
  }

  /** The work runs one statement that may take long. */
  public static void apartFrom(Connection connection, Action work) throws SQLException {
    var unused =
        with(
            connection,
            0,
            () -> {
              work.run();
              return true;
            });
  }

  private static <T> T with(Connection connection, int millis, Work<T> work) throws SQLException {
    int before = connection.getNetworkTimeout();
    connection.setNetworkTimeout(Runnable::run, millis);
    try {
      return work.run();
    } finally {
      // one that broke is closed, and has no limit to give back
      if (!connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, before);
      }
    }
  }

  private static void limit(Connection connection, Duration limit) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
  }
}
