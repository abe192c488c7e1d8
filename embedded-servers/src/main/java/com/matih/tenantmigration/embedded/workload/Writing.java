package com.matih.tenantmigration.embedded.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One transaction of a session: its connection, its draft, and its choices. */
final class Writing {

  private final Connection connection;
  private final String tenant;
  private final SplittableRandom random;
  private final String prefix;
  private final Supplier<String> marks;
  private final CountDownLatch stop;
  private final Draft draft;
  private long waited;

  /** A row that its session had written was not there, or was there more than once. */
  static final class RowNotFoundException extends Exception {

    private final transient ModelRow row;

    RowNotFoundException(ModelRow row, long found) {
      super("%s was found %d times".formatted(row.rowKey(), found));
      this.row = row;
    }

    ModelRow row() {
      return row;
    }
  }

  Writing(
      Connection connection,
      String tenant,
      SplittableRandom random,
      String prefix,
      Supplier<String> marks,
      CountDownLatch stop,
      Draft draft) {
    this.connection = connection;
    this.tenant = tenant;
    this.random = random;
    this.prefix = prefix;
    this.marks = marks;
    this.stop = stop;
    this.draft = draft;
  }

  Connection connection() {
    return connection;
  }

  String tenant() {
    return tenant;
  }

  Draft draft() {
    return draft;
  }

  /** What the names that this session chooses begin with; no other session's do. */
  String prefix() {
    return prefix;
  }

  /** A mark that no other write has. */
  String mark() {
    return marks.get();
  }

  /** A number from 0 to one below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  <T> T anyOf(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** The tenant's own rows of a kind; not those that were moved to a neighbour. */
  <T extends ModelRow> List<T> own(Class<T> kind) {
    return draft.rows(kind).stream().filter(row -> row.tenant().equals(tenant)).toList();
  }

  /** The rows of a kind that were moved to a neighbour. */
  <T extends ModelRow> List<T> given(Class<T> kind) {
    return draft.rows(kind).stream().filter(row -> !row.tenant().equals(tenant)).toList();
  }

  /** How long this transaction has paused, in nanoseconds. */
  long waited() {
    return waited;
  }

  /** Pauses for up to some milliseconds, or until the workload ends. */
  void pause(int longest) throws SQLException {
    long begin = System.nanoTime();
    try {
      // true if the workload ends, which ends the pause alone
      boolean unused = stop.await(1 + below(longest), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted", e);
    }
    waited += System.nanoTime() - begin;
  }

  void execute(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      statement.execute();
    }
  }

  /** Changes some rows and tells how many. */
  int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** Changes a row that must be there, once. */
  void change(ModelRow row, String sql, Object... values)
      throws SQLException, RowNotFoundException {
    int found = update(sql, values);
    if (found != 1) {
      throw new RowNotFoundException(row, found);
    }
  }

  /** The number that a statement returns in its only row. */
  long number(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("Nothing was returned by: " + sql);
      }
      return row.getLong(1);
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      bind(statement, i + 1, values[i]);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof Optional<?> optional && optional.isEmpty()) {
      statement.setNull(index, Types.VARCHAR);
    } else if (value instanceof Optional<?> optional) {
      statement.setObject(index, optional.get());
    } else {
      statement.setObject(index, value);
    }
  }
}
