package com.matih.tenantmigration.activities.postgres.requestsql;

import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one place where SQL of a request meets a server: a session in one transaction that only
 * reads, with a limit on time, in which each text is examined before it runs.
 *
 * <p>A text is sent by itself, never as a part of another that it could break out of, and by the
 * extended protocol, which takes one statement. Before it runs, the server says what it is ({@link
 * StatementTree}) and {@link QueryRules} judge that. The transaction began READ ONLY and has a
 * snapshot, after which PostgreSQL does not let it become anything else (the manual of SET
 * TRANSACTION); that is checked at the beginning and after each query. The session's default is
 * read-only too, from its first packet.
 */
public final class ReadOnlySession implements AutoCloseable {

  /** What the connection's {@code options} must hold. */
  public static final String STARTUP_OPTIONS =
      "-c default_transaction_read_only=on -c debug_pretty_print=off";

  /** Unlike a bare EXPLAIN, this is not taken for one with options where a parenthesis follows. */
  private static final String EXPLAIN = "EXPLAIN (COSTS OFF) ";

  /** The server's log is spared what is printed where the user may set that; else it takes it. */
  private static final String SPARE_LOG =
      "SELECT set_config('log_min_messages', 'fatal', true) WHERE ";

  private static final String IS_SUPERUSER =
      "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)";

  /** From version 15 on the right to set a parameter can be granted. */
  private static final String MAY_SET_PARAMETER =
      "has_parameter_privilege(current_user, 'log_min_messages', 'SET')";

  private static final int GRANTS_OF_PARAMETERS_SINCE = 15;

  private final Connection connection;
  private final QueryLimits limits;

  private ReadOnlySession(Connection connection, QueryLimits limits) {
    this.connection = connection;
    this.limits = limits;
  }

  /**
   * Begins the session's transaction.
   *
   * @param connection was opened with {@link #STARTUP_OPTIONS} and {@link QueryRows#MAX_BUFFER};
   *     closed with this, and where it cannot begin
   * @param schema where unqualified names are looked for first, before {@code public}
   * @param role without the user's rights, where the operator names one
   * @param snapshot the exported snapshot that it sees; its own where there is none
   */
  public static ReadOnlySession begin(
      Connection connection,
      QueryLimits limits,
      String schema,
      Optional<String> role,
      Optional<String> snapshot)
      throws SQLException {
    boolean begun = false;
    try {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      if (snapshot.isPresent()) {
        Sql.execute(connection, "SET TRANSACTION SNAPSHOT " + SqlLiterals.quote(snapshot.get()));
      }
      ShortStatements.only(connection, limits.statement());
      ReadOnlySession session = new ReadOnlySession(connection, limits);
      session.requireReadOnly();
      set(
          connection,
          "SELECT set_config('statement_timeout', ?, true)",
          String.valueOf(limits.statement().toMillis()));
      set(
          connection,
          "SELECT set_config('search_path', quote_ident(?) || ', public', true)",
          schema);
      if (role.isPresent()) {
        set(connection, "SELECT set_config('role', ?, true)", role.get());
      }
      begun = true;
      return session;
    } finally {
      if (!begun) {
        connection.close();
      }
    }
  }

  private static void set(Connection connection, String sql, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      statement.executeQuery().close();
    }
  }

  /** The connection, for whoever must break it from another thread. */
  public Connection connection() {
    return connection;
  }

  /**
   * Has the server plan a query without running it.
   *
   * @return its answer's columns
   * @throws QueryRefusedException where it may not run
   * @throws SQLException where it would fail, or the user may not read what it reads
   */
  public List<QueryColumn> plan(String sql) throws SQLException, QueryRefusedException {
    StatementProbe.Described examined = examine(sql);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      // it was found to be one query, so this is one statement too
      statement.executeQuery(EXPLAIN + examined.sql()).close();
    }
    return examined.columns();
  }

  /**
   * Whether a query asks for the time or the like, so that it may answer something else when it
   * runs again over the same rows.
   */
  public boolean answersOfTheMoment(String sql) throws SQLException, QueryRefusedException {
    return UnsteadyFunctions.ofQuery(connection, describe(sql).tree());
  }

  /**
   * Judges a condition over a table's columns, without asking it of any row.
   *
   * <p>Names are looked for in {@code pg_catalog} alone, as wherever the condition is used. It is
   * read twice, once in parentheses and once in brackets: what would end the parenthesis around it
   * cannot end the bracket too, so it is one expression, and no part of the statement around it.
   *
   * @param table how the condition may name its table
   * @return what it reads, and the table itself, by {@code pg_class.oid}
   * @throws QueryRefusedException where it may not be used
   * @throws SQLException where the server does not understand it
   */
  public Set<Long> examineRowFilter(TableName table, String condition)
      throws SQLException, QueryRefusedException {
    set(connection, "SELECT set_config('search_path', ?, true)", "pg_catalog");
    String from =
        "SELECT 1 FROM (SELECT * FROM %s) AS %s WHERE "
            .formatted(Identifiers.quote(table), Identifiers.quote(table.table()));
    String inParentheses = from + "(\n" + condition + "\n)";
    StatementTree tree = examineWhole(inParentheses).tree();
    var unused = examineWhole(from + "(ARRAY[\n" + condition + "\n])[1]");
    RowFilterRules.judge(connection, tree);
    return tree.relations();
  }

  /**
   * Runs a query.
   *
   * @throws QueryRefusedException where it may not run
   * @throws SQLException where it fails
   */
  public QueryRows run(String sql) throws SQLException, QueryRefusedException {
    return QueryRows.of(connection, examine(sql).sql(), limits);
  }

  /**
   * Checks that nothing has made the transaction one that writes.
   *
   * @throws IllegalStateException where something has; the transaction is rolled back
   */
  public void requireReadOnly() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT current_setting('transaction_read_only')")) {
      if (row.next() && row.getString(1).equals("on")) {
        return;
      }
    }
    connection.rollback();
    throw new IllegalStateException("a session for a request's queries can write");
  }

  private StatementProbe.Described examine(String sql) throws SQLException, QueryRefusedException {
    StatementProbe.Described described = describe(sql);
    QueryRules.judge(connection, described.tree());
    return described;
  }

  /** A text that is used as it stands, so nothing may be left out of it. */
  private StatementProbe.Described examineWhole(String sql)
      throws SQLException, QueryRefusedException {
    StatementProbe.Described described = examine(sql);
    if (!described.sql().equals(sql)) {
      throw StatementProbe.severalStatements();
    }
    return described;
  }

  private String maySpareLog() throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion() >= GRANTS_OF_PARAMETERS_SINCE
        ? MAY_SET_PARAMETER
        : IS_SUPERUSER;
  }

  /** The settings that have the server print are in effect for this statement alone. */
  private StatementProbe.Described describe(String sql) throws SQLException, QueryRefusedException {
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute(SPARE_LOG + maySpareLog());
      statement.execute("SET LOCAL client_min_messages = log");
      statement.execute("SET LOCAL debug_print_rewritten = on");
      StatementProbe.Described described = StatementProbe.describe(connection, sql);
      connection.rollback(before);
      return described;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
