package com.matih.tenantmigration.activities.postgres.requestsql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Has the server read a statement and say what it is, by the extended protocol's Parse and Describe
 * alone: it is neither planned nor run.
 *
 * <p>JDBC knows no such call for a text that is taken as it stands: a prepared statement would take
 * each question mark, which is an operator in PostgreSQL, for a parameter.
 */
final class StatementProbe extends ResultHandlerBase {

  private static final int FLAGS =
      QueryExecutor.QUERY_DESCRIBE_ONLY
          | QueryExecutor.QUERY_ONESHOT
          | QueryExecutor.QUERY_SUPPRESS_BEGIN;

  private static final String TREE = "rewritten parse tree";

  private final List<String> columns = new ArrayList<>();
  private final List<String> trees = new ArrayList<>();

  private StatementProbe() {}

  /**
   * What the server says.
   *
   * @param columns the labels of its answer's columns
   */
  record Described(List<String> columns, StatementTree tree) {

    Described {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Asks in a transaction that has begun.
   *
   * @throws QueryRefusedException where the text is not exactly one statement, or has parameters
   * @throws SQLException where the server does not understand it
   */
  static Described describe(Connection connection, String sql)
      throws SQLException, QueryRefusedException {
    QueryExecutor executor = connection.unwrap(BaseConnection.class).getQueryExecutor();
    Query query = executor.createQuery(sql, false, false).query;
    if (query.getSubqueries() != null) {
      throw new QueryRefusedException(
          "holds several statements", "Write one SELECT; list each query separately.");
    }
    StatementProbe probe = new StatementProbe();
    try {
      executor.execute(query, null, probe, 0, 0, FLAGS);
    } catch (IndexOutOfBoundsException e) {
      // the driver has no place for the type of a parameter of which it does not know
      throw new QueryRefusedException(
          "has a parameter such as $1, for which there is no value", "Write the value itself.");
    }
    if (probe.trees.isEmpty()) {
      throw new QueryRefusedException("holds no statement", "Write one SELECT, or leave it out.");
    }
    return new Described(probe.columns, StatementTree.read(probe.trees));
  }

  @Override
  public void handleResultRows(
      Query fromQuery, Field[] fields, List<Tuple> tuples, ResultCursor cursor) {
    for (Field field : fields) {
      columns.add(field.getColumnLabel());
    }
  }

  @Override
  public void handleWarning(SQLWarning warning) {
    ServerErrorMessage said =
        warning instanceof PSQLWarning postgres ? postgres.getServerErrorMessage() : null;
    if (said != null
        && said.getMessage() != null
        && said.getMessage().startsWith(TREE)
        && said.getDetail() != null) {
      trees.add(said.getDetail());
    }
  }
}
