package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks a question that may take long for a limited time: a plan tells what it could not find out
 * rather than never to end.
 */
public final class BoundedCount {

  /** How long one question of a plan may take. */
  public static final Duration OF_PLAN = Duration.ofSeconds(60);

  /** The server ended a statement at its time limit, or as somebody asked. */
  private static final String QUERY_CANCELED = "57014";

  private BoundedCount() {}

  /** A question with an answer. */
  public interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /**
   * The number that a query answers with; empty where it took too long.
   *
   * @param limit zero for none
   */
  public static Optional<Long> of(Connection connection, Duration limit, String sql)
      throws SQLException {
    return ask(connection, limit, asked -> Sql.number(asked, sql));
  }

  /** The number that a query answers with; empty where it took too long, or the time is over. */
  public static Optional<Long> of(Connection connection, TimeLimit limit, String sql)
      throws SQLException {
    return ask(connection, limit, asked -> Sql.number(asked, sql));
  }

  /** The answer; empty where it took too long, or the time is over already. */
  public static <T> Optional<T> ask(Connection connection, TimeLimit limit, Question<T> question)
      throws SQLException {
    return limit.isOver() ? Optional.empty() : ask(connection, limit.next(), question);
  }

  /** The answer; empty where it took too long. The connection is in the state that it was in. */
  public static <T> Optional<T> ask(Connection connection, Duration limit, Question<T> question)
      throws SQLException {
    boolean wasAutoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    Savepoint before = connection.setSavepoint();
    try {
      Sql.execute(connection, "SET LOCAL statement_timeout = " + limit.toMillis());
      return Optional.of(question.ask(connection));
    } catch (SQLException e) {
      if (!QUERY_CANCELED.equals(e.getSQLState())) {
        throw e;
      }
      return Optional.empty();
    } finally {
      if (!connection.isClosed()) {
        connection.rollback(before);
        if (wasAutoCommit) {
          connection.rollback();
          connection.setAutoCommit(true);
        }
      }
    }
  }
}
