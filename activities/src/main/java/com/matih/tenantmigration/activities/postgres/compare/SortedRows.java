package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One table's rows in the byte order of their keys, streamed in constant memory, however large the
 * rows are.
 *
 * <p>A key is its columns' values as text, each quoted so that no two different keys read alike,
 * and sorted in byte order, which two servers agree on whatever their collations are. The servers
 * send {@link #KEY_BYTES} of it at most: of a longer key, as that of a table without a primary key
 * can be, its beginning and the SHA-256 of all of it, by which both sort.
 */
final class SortedRows implements AutoCloseable {

  private static final int FETCH_SIZE = 2_000;

  /** Longer keys are shortened; the longest text of a shortened one is below it too. */
  private static final int KEY_BYTES = 1_000;

  private static final int BEGINNING_CHARACTERS = 200;

  private final TableName table;
  private final Statement statement;
  private final ResultSet rows;
  private String key = "";
  private String content = "";
  private boolean isAtEnd;

  private SortedRows(TableName table, Statement statement, ResultSet rows) {
    this.table = table;
    this.statement = statement;
    this.rows = rows;
  }

  /**
   * Opens the stream and stands at its first row.
   *
   * @param keyExpressions the key's columns as SQL texts over the alias {@code t}
   * @param contentExpressions what is compared beside the key; may be empty
   */
  static SortedRows open(
      Connection side,
      TableRows rows,
      String predicate,
      List<String> keyExpressions,
      List<String> contentExpressions) {
    String content =
        contentExpressions.isEmpty()
            ? "''"
            : "encode(sha256(convert_to(%s, 'UTF8')), 'hex')".formatted(joined(contentExpressions));
    // OFFSET 0 has the server make each row's key once, and sort what is short
    String sql =
        "SELECT k, c FROM (SELECT %s AS k, c FROM (SELECT %s AS whole, %s AS c FROM %s AS t WHERE %s OFFSET 0) AS w OFFSET 0) AS s ORDER BY k COLLATE \"C\""
            .formatted(shortened("whole"), joined(keyExpressions), content, rows.sql(), predicate);
    try {
      Statement statement = side.createStatement();
      statement.setFetchSize(FETCH_SIZE);
      SortedRows opened = new SortedRows(rows.table(), statement, statement.executeQuery(sql));
      opened.advance();
      return opened;
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the rows of", rows.table().toString(), e);
    }
  }

  /**
   * SQL for a row's key.
   *
   * @param expressions the key's columns as SQL texts
   */
  static String key(List<String> expressions) {
    return shortened("(" + joined(expressions) + ")");
  }

  private static String shortened(String whole) {
    return "CASE WHEN octet_length(%1$s) <= %2$d THEN %1$s ELSE left(%1$s, %3$d) || '... sha256 ' || encode(sha256(convert_to(%1$s, 'UTF8')), 'hex') END"
        .formatted(whole, KEY_BYTES, BEGINNING_CHARACTERS);
  }

  private static String joined(List<String> expressions) {
    if (expressions.isEmpty()) {
      return "''"; // a table can be without columns
    }
    return expressions.stream()
        .map("quote_nullable(%s)"::formatted)
        .collect(Collectors.joining(" || ',' || "));
  }

  boolean isAtEnd() {
    return isAtEnd;
  }

  String key() {
    return key;
  }

  /** The digest of what is compared beside the key. */
  String content() {
    return content;
  }

  /** Compares keys in the order in which the servers sort them. */
  int compareKey(SortedRows other) {
    return Arrays.compareUnsigned(
        key.getBytes(StandardCharsets.UTF_8), other.key.getBytes(StandardCharsets.UTF_8));
  }

  /** Goes to the next row. */
  void advance() {
    try {
      isAtEnd = !rows.next();
      if (!isAtEnd) {
        key = rows.getString(1);
        content = rows.getString(2);
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the rows of", table.toString(), e);
    }
  }

  @Override
  public void close() {
    try (statement) {
      rows.close();
    } catch (SQLException e) {
      throw PostgresFailures.translate("close the rows of", table.toString(), e);
    }
  }
}
