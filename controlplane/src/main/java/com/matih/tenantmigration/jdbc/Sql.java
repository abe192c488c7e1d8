package com.matih.tenantmigration.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs single statements over a connection.
 *
 * <p>Values are bound to the statement's question marks in their order: text, numbers, booleans,
 * enums by their names, arrays by {@link #array}, and null for SQL's NULL. A statement without
 * values is sent as it is: a question mark in it is no placeholder, and it may be several
 * statements. All rows of an answer are read at once, so an answer must be small; a large one is
 * read by a cursor of its own.
 *
 * <p>The driver's {@link SQLException} is passed on unchanged, since failures are judged by its
 * SQLSTATE.
 */
public final class Sql {

  /**
   * Has a session's commits survive a crash of the server even if {@code synchronous_commit} is off
   * by default; a stronger setting stays.
   */
  public static final String COMMIT_SYNCHRONOUSLY =
      "SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') = 'off'";

  private Sql() {}

  /**
   * Reads what is wanted of the row at which the answer stands.
   *
   * @param <T> what is read
   */
  public interface Mapper<T extends @Nullable Object> {
    T map(ResultSet row) throws SQLException;
  }

  /** Does something with the row at which the answer stands. */
  public interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /**
   * What happens in a transaction.
   *
   * @param <T> what comes of it
   */
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** An array to bind; see {@link Sql#array}. */
  public static final class BoundArray {

    private final String elementType;
    private final Object[] elements;

    private BoundArray(String elementType, Object[] elements) {
      this.elementType = elementType;
      this.elements = elements;
    }
  }

  /**
   * An array as a value to bind.
   *
   * @param elementType PostgreSQL's name of the elements' type, such as {@code text}
   */
  public static BoundArray array(String elementType, Collection<?> elements) {
    return new BoundArray(elementType, elements.toArray());
  }

  /** Runs a statement; rows that it answers are not read. */
  public static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (Statement statement = statement(connection, sql, values)) {
      if (statement instanceof PreparedStatement prepared) {
        prepared.execute();
      } else {
        statement.execute(sql);
      }
    }
  }

  /** Runs a statement that changes rows; answers how many it changed. */
  public static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (Statement statement = statement(connection, sql, values)) {
      return statement instanceof PreparedStatement prepared
          ? prepared.executeUpdate()
          : statement.executeUpdate(sql);
    }
  }

  /** Reads each row of the answer, in its order. */
  public static void forEach(
      Connection connection, String sql, Reader reader, @Nullable Object... values)
      throws SQLException {
    try (Statement statement = statement(connection, sql, values);
        ResultSet rows = query(statement, sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }

  /** All rows of the answer, in its order. */
  public static <T> List<T> list(
      Connection connection, String sql, Mapper<T> mapper, @Nullable Object... values)
      throws SQLException {
    List<T> list = new ArrayList<>();
    forEach(connection, sql, row -> list.add(mapper.map(row)), values);
    return list;
  }

  /** The first column of all rows, as text; NULL is not allowed in it. */
  public static List<String> texts(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return list(connection, sql, row -> row.getString(1), values);
  }

  /** The first row of the answer; empty where there is none, or the mapper answers null. */
  public static <T> Optional<T> first(
      Connection connection, String sql, Mapper<@Nullable T> mapper, @Nullable Object... values)
      throws SQLException {
    try (Statement statement = statement(connection, sql, values);
        ResultSet rows = query(statement, sql)) {
      return rows.next() ? Optional.ofNullable(mapper.map(rows)) : Optional.empty();
    }
  }

  /** The first row's first column as text; empty where there is no row, or it is NULL. */
  public static Optional<String> text(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return first(connection, sql, row -> row.getString(1), values);
  }

  /** Whether there is a row, and its first column is true. */
  public static boolean isTrue(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return first(connection, sql, row -> row.getBoolean(1), values).orElse(false);
  }

  /**
   * The first row of a statement that always has one.
   *
   * @throws IllegalStateException where it has none
   */
  public static <T> T one(
      Connection connection, String sql, Mapper<T> mapper, @Nullable Object... values)
      throws SQLException {
    try (Statement statement = statement(connection, sql, values);
        ResultSet rows = query(statement, sql)) {
      if (!rows.next()) {
        throw new IllegalStateException("a statement that always has a row has none: " + sql);
      }
      return mapper.map(rows);
    }
  }

  /** The first column, as a number, of a statement that always has a row; 0 for NULL. */
  public static long number(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return one(connection, sql, row -> row.getLong(1), values);
  }

  /** A column of type {@code timestamptz} that is not NULL. */
  public static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /**
   * Does the work in one transaction and commits; where it throws anything, all is rolled back. A
   * rollback that fails is suppressed in what led to it: the server rolls back by itself then.
   *
   * @param connection in autocommit mode, and in it again afterwards
   */
  public static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    T result;
    try {
      connection.setAutoCommit(false);
      result = work.run(connection);
      connection.commit();
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private static Statement statement(Connection connection, String sql, @Nullable Object[] values)
      throws SQLException {
    if (values.length == 0) {
      return connection.createStatement();
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        bind(connection, statement, i + 1, values[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      try (statement) {
        throw e;
      }
    }
  }

  private static void bind(
      Connection connection, PreparedStatement statement, int place, @Nullable Object value)
      throws SQLException {
    if (value instanceof BoundArray array) {
      statement.setArray(place, connection.createArrayOf(array.elementType, array.elements));
    } else if (value instanceof Enum<?> constant) {
      statement.setString(place, constant.name());
    } else {
      statement.setObject(place, value);
    }
  }

  private static ResultSet query(Statement statement, String sql) throws SQLException {
    return statement instanceof PreparedStatement prepared
        ? prepared.executeQuery()
        : statement.executeQuery(sql);
  }
}
