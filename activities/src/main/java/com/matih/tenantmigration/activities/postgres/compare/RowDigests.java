package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * A table's rows as digests, made by the server that holds them, so that two servers compare some
 * numbers instead of all rows.
 *
 * <p>A row falls into a bucket by the hash of its key. A bucket has the number of its rows, and of
 * their keys and of their bytes the sums of two 64-bit hashes (the server's own {@code
 * hash_array_extended} with two seeds). A sum does not depend on the order of the rows, so nothing
 * is sorted. That unequal rows have equal digests has a chance of about 2^-128.
 *
 * <p>Unequal digests are a question and no verdict: the rows of those buckets are then compared one
 * by one. So it does no harm if servers of two versions hash differently.
 */
final class RowDigests {

  /** A power of two: a thousandth of a large table is read again for one row that differs. */
  private static final int BUCKETS = 1024;

  private static final long FIRST_SEED = 0;
  private static final long SECOND_SEED = 0x74656e616e74L;

  private final Map<Integer, Bucket> buckets;

  private RowDigests(Map<Integer, Bucket> buckets) {
    this.buckets = buckets;
  }

  /**
   * What is digested of a row: SQL expressions of type {@code bytea} over the alias {@code t}.
   *
   * @param key the columns by which a row is found again
   * @param row all that is compared
   */
  record Shape(List<String> key, List<String> row) {

    Shape {
      key = List.copyOf(key);
      row = List.copyOf(row);
    }

    /** SQL that is true for the rows of some buckets. */
    String isIn(Collection<Integer> numbers) {
      String list = numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
      return "%s IN (%s)".formatted(bucket(hash(array(key), FIRST_SEED)), list);
    }
  }

  private record Bucket(long rows, List<String> sums) {}

  /** Has a server digest the rows of a table. */
  static RowDigests read(RowOrigin rows, Shape shape) {
    Map<Integer, Bucket> buckets = new HashMap<>();
    try (Registration onCancel = WorkScope.current().onCancel(() -> cancel(rows.connection()))) {
      Sql.forEach(
          rows.connection(),
          query(rows, shape),
          row ->
              buckets.put(
                  row.getInt(1),
                  new Bucket(
                      row.getLong(2),
                      List.of(
                          row.getString(3),
                          row.getString(4),
                          row.getString(5),
                          row.getString(6)))));
      return new RowDigests(buckets);
    } catch (SQLException e) {
      throw PostgresFailures.translate("digest the rows of", rows.name().toString(), e);
    }
  }

  private static String query(RowOrigin rows, Shape shape) {
    // OFFSET 0 has the server make each row's bytes once
    String bytes =
        "SELECT %s AS k, %s AS r FROM %s AS t WHERE %s OFFSET 0"
            .formatted(
                array(shape.key()),
                array(shape.row()),
                Identifiers.quote(rows.name()),
                rows.predicate());
    return "SELECT %s, count(*), sum(%s), sum(%s), sum(%s), sum(%s) FROM (%s) AS b GROUP BY 1"
        .formatted(
            bucket(hash("k", FIRST_SEED)),
            hash("k", FIRST_SEED),
            hash("k", SECOND_SEED),
            hash("r", FIRST_SEED),
            hash("r", SECOND_SEED),
            bytes);
  }

  private static String array(List<String> bytes) {
    return "ARRAY[%s]::bytea[]".formatted(String.join(", ", bytes));
  }

  private static String hash(String array, long seed) {
    return "pg_catalog.hash_array_extended(%s, %d)".formatted(array, seed);
  }

  private static String bucket(String hash) {
    return "(%s & %d)::int".formatted(hash, BUCKETS - 1);
  }

  private static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      // the connection is gone, and the query with it
    }
  }

  /** The buckets in which the two sides differ. */
  Set<Integer> differing(RowDigests other) {
    Set<Integer> all = new TreeSet<>(buckets.keySet());
    all.addAll(other.buckets.keySet());
    all.removeIf(number -> Objects.equals(buckets.get(number), other.buckets.get(number)));
    return all;
  }

  /** How many rows lie in other buckets than these. */
  long rowsBeside(Set<Integer> numbers) {
    return buckets.entrySet().stream()
        .filter(bucket -> !numbers.contains(bucket.getKey()))
        .mapToLong(bucket -> bucket.getValue().rows())
        .sum();
  }
}
