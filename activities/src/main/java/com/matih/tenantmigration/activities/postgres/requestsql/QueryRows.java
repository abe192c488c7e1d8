package com.matih.tenantmigration.activities.postgres.requestsql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a request's query, read by a cursor in bounded memory and bounded time.
 *
 * <p>How large a query's rows are is known only when they come, and rows after small ones can be
 * large, so few are fetched at a time and the driver gives up on more than {@link #MAX_BUFFER}.
 */
public final class QueryRows implements AutoCloseable {

  /** The largest row, in bytes. */
  public static final int MAX_ROW_BYTES = 4_000_000;

  private static final int FETCHED_AT_ONCE = 8;

  /** What the connection's {@code maxResultBuffer} must be, in bytes. */
  public static final String MAX_BUFFER = String.valueOf(FETCHED_AT_ONCE * MAX_ROW_BYTES);

  private static final String BUFFER_IS_FULL = "maxResultBuffer";

  private final Statement statement;
  private final ResultSet rows;
  private final List<String> columns;
  private final QueryLimits limits;
  private final long deadline;

  private QueryRows(
      Statement statement, ResultSet rows, List<String> columns, QueryLimits limits, long began) {
    this.statement = statement;
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.limits = limits;
    this.deadline = began + limits.answer().toNanos();
  }

  /** Runs a query that was examined, in a transaction. */
  static QueryRows of(Connection connection, String sql, QueryLimits limits)
      throws SQLException, QueryRefusedException {
    long began = System.nanoTime();
    Statement statement = connection.createStatement();
    boolean opened = false;
    try {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(FETCHED_AT_ONCE);
      ResultSet rows = statement.executeQuery(sql);
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnLabel(i));
      }
      opened = true;
      return new QueryRows(statement, rows, columns, limits, began);
    } catch (SQLException e) {
      throw tooLarge(e);
    } finally {
      if (!opened) {
        statement.close();
      }
    }
  }

  /** The labels of the columns. */
  public List<String> columns() {
    return columns;
  }

  /**
   * Goes to the next row.
   *
   * @return false where there is none
   * @throws QueryRefusedException where the answer is too large or takes too long
   */
  public boolean next() throws SQLException, QueryRefusedException {
    if (System.nanoTime() - deadline > 0) {
      throw new QueryRefusedException(
          "takes longer than %d minutes".formatted(limits.answer().toMinutes()),
          "Reduce its rows.");
    }
    try {
      return rows.next();
    } catch (SQLException e) {
      throw tooLarge(e);
    }
  }

  /** The row's values as text, in the columns' order. */
  public List<@Nullable String> row() throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      values.add(rows.getString(i));
    }
    return values;
  }

  /** Whether a column, counted from 0, is a {@code bytea}. */
  public boolean isBytes(int column) throws SQLException {
    return rows.getMetaData().getColumnType(column + 1) == Types.BINARY;
  }

  /** The bytes of a {@code bytea} in the row; null where it is NULL. */
  public byte @Nullable [] bytes(int column) throws SQLException {
    return rows.getBytes(column + 1);
  }

  private static SQLException tooLarge(SQLException e) throws QueryRefusedException {
    if (e.getMessage() != null && e.getMessage().contains(BUFFER_IS_FULL)) {
      throw new QueryRefusedException(
          "returns a row of more than %d MB".formatted(MAX_ROW_BYTES / 1_000_000),
          "Remove large columns from it, or compare their digests.");
    }
    return e;
  }

  @Override
  public void close() throws SQLException {
    try (statement) {
      rows.close();
    }
  }
}
