package com.matih.tenantmigration.activities.postgres.requestsql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.Parser;
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

  private final List<QueryColumn> columns = new ArrayList<>();
  private final List<String> trees = new ArrayList<>();

  private StatementProbe() {}

  /**
   * What the server says.
   *
   * @param sql the text of the statement, without what follows its semicolon
   * @param columns its answer's columns
   */
  record Described(String sql, List<QueryColumn> columns, StatementTree tree) {

    Described {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Asks in a transaction that has begun. Comments after the statement's semicolon, which the
   * driver takes for a statement, are left out.
   *
   * @throws QueryRefusedException where the text is not exactly one statement, or has parameters
   * @throws SQLException where the server does not understand it
   */
  static Described describe(Connection connection, String sql)
      throws SQLException, QueryRefusedException {
    QueryExecutor executor = connection.unwrap(BaseConnection.class).getQueryExecutor();
    Query query = executor.createQuery(sql, false, false).query;
    String statement = sql;
    Query[] several = query.getSubqueries();
    if (several != null) {
      statement = several[0].getNativeSql();
      if (several.length > 2 || !holdsOnlyComments(several[1].getNativeSql())) {
        throw severalStatements();
      }
      query = executor.createQuery(statement, false, false).query;
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
    return new Described(statement, probe.columns, StatementTree.read(probe.trees));
  }

  static QueryRefusedException severalStatements() {
    return new QueryRefusedException(
        "holds several statements", "Write one SELECT; list each query separately.");
  }

  private static boolean holdsOnlyComments(String text) {
    char[] characters = text.toCharArray();
    for (int i = 0; i < characters.length; i++) {
      int end =
          switch (characters[i]) {
            case '-' -> Parser.parseLineComment(characters, i);
            case '/' -> Parser.parseBlockComment(characters, i);
            default -> i;
          };
      if (end == i && !Character.isWhitespace(characters[i])) {
        return false;
      }
      i = end;
    }
    return true;
  }

  @Override
  public void handleResultRows(
      Query fromQuery, Field[] fields, List<Tuple> tuples, ResultCursor cursor) {
    for (Field field : fields) {
      columns.add(new QueryColumn(field.getColumnLabel(), field.getOID()));
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
