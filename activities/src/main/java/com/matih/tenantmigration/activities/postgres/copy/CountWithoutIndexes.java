package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Counts the tenant's rows of a table once more, by reading the table itself: a row that an index
 * lacks, since it is corrupt or was built by another version of a collation, is missed by a copy
 * and a check that both go by it.
 */
public final class CountWithoutIndexes {

  private static final List<String> WITHOUT =
      List.of(
          "SET LOCAL enable_indexscan = off",
          "SET LOCAL enable_indexonlyscan = off",
          "SET LOCAL enable_bitmapscan = off");

  private CountWithoutIndexes() {}

  /** Whether the server would find the tenant's rows by an index. */
  public static boolean goesByIndex(Connection source, TenantTable table) throws SQLException {
    return Sql.texts(source, "EXPLAIN SELECT 1" + rows(table)).stream()
        .anyMatch(line -> line.contains("Index"));
  }

  /**
   * How many rows there are.
   *
   * @param with counted as the server likes to
   * @param without counted without an index
   */
  public record Counts(long with, long without) {}

  /**
   * Counts twice in one snapshot, since others write meanwhile; empty where that took longer than
   * the limit for one of them.
   *
   * @param source a connection outside of a transaction
   */
  public static Optional<Counts> count(Connection source, TenantTable table, Duration limit)
      throws SQLException {
    int isolation = source.getTransactionIsolation();
    source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      String sql = "SELECT count(*)" + rows(table);
      return BoundedCount.ask(
          source,
          limit,
          connection -> {
            long with = Sql.number(connection, sql);
            for (String setting : WITHOUT) {
              Sql.execute(connection, setting);
            }
            return new Counts(with, Sql.number(connection, sql));
          });
    } finally {
      if (!source.isClosed()) {
        source.setTransactionIsolation(isolation);
      }
    }
  }

  private static String rows(TenantTable table) {
    return " FROM %s AS t WHERE %s".formatted(table.rows().sql(), table.predicate());
  }
}
