package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * A table's rows as digests, made by the server that holds them, so that two servers compare some
 * numbers instead of all rows.
 *
 * <p>A digest is the number of rows, and of their keys and of their bytes the sums of two 64-bit
 * hashes. A sum does not depend on the order of the rows, so nothing is sorted. That unequal rows
 * have equal digests has a chance of about 2^-128. One scan makes all of it; which rows are scanned
 * is the {@link RowOrigin}'s to say, by its connection's snapshot and its predicate.
 *
 * <p>The {@link #total} of a table is one digest. Where totals differ, a second scan makes one for
 * each bucket into which a row falls by the hash of its key: to group the rows costs the server a
 * third more, which only a table that differs has to be worth.
 *
 * <p>The server's hash of an array is a sum too, of its elements' hashes: summed over rows, a value
 * would count wherever it stands, and two rows that exchanged a value would pass for equal. So both
 * hashes of a row are mixed, which is no sum, before rows are added up.
 *
 * <p>Unequal digests are a question and no verdict: the rows of those buckets are then compared one
 * by one. So it does no harm if servers of two versions hash differently.
 */
final class RowDigests {

  /** A power of two: a thousandth of a large table is read again for one row that differs. */
  private static final int BUCKETS = 1024;

  private static final long FIRST_SEED = 0;
  private static final long SECOND_SEED = 0x74656e616e74L;

  private final Map<Integer, Digest> buckets;

  private RowDigests(Map<Integer, Digest> buckets) {
    this.buckets = buckets;
  }

  /**
   * What is digested of a row: SQL expressions of type {@code bytea} over the alias {@code t}.
   *
   * @param key the columns by which a row is found again; where there is none, all rows are in one
   *     bucket
   * @param row all that is compared; empty where keys alone are, or where a key is all of a row
   */
  record Shape(List<String> key, List<String> row) {

    /** Of which rows are counted alone. */
    static final Shape COUNT = new Shape(List.of(), List.of());

    Shape {
      key = List.copyOf(key);
      row = List.copyOf(row);
    }

    /** SQL that is true for the rows of some buckets. */
    String isIn(Collection<Integer> numbers) {
      if (key.isEmpty()) {
        return String.valueOf(numbers.contains(0));
      }
      String list = numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
      String array = array(key);
      return "%s IN (%s)"
          .formatted(bucket(mixed(hash(array, FIRST_SEED), hash(array, SECOND_SEED))), list);
    }
  }

  /**
   * Some rows.
   *
   * @param sums those of the keys, and then those of the rows, as far as they were asked for
   */
  record Digest(long rows, List<String> sums) {

    Digest {
      sums = List.copyOf(sums);
    }

    Digest plus(Digest other) {
      List<String> both = new ArrayList<>();
      for (int i = 0; i < sums.size(); i++) {
        both.add(new BigInteger(sums.get(i)).add(new BigInteger(other.sums.get(i))).toString());
      }
      return new Digest(rows + other.rows, both);
    }

    /** From the columns behind those before. */
    private static Digest of(ResultSet row, int before) throws SQLException {
      List<String> sums = new ArrayList<>();
      for (int column = before + 2; column <= row.getMetaData().getColumnCount(); column++) {
        sums.add(row.getString(column));
      }
      return new Digest(row.getLong(before + 1), sums);
    }
  }

  /** Of no rows. */
  static RowDigests none() {
    return new RowDigests(Map.of());
  }

  /** Of these rows and others. */
  RowDigests plus(RowDigests others) {
    Map<Integer, Digest> sums = new HashMap<>(buckets);
    others.buckets.forEach((number, digest) -> sums.merge(number, digest, Digest::plus));
    return new RowDigests(sums);
  }

  /** Has a server digest the rows of a table as one. */
  static Digest total(RowOrigin rows, Shape shape) {
    AtomicReference<Digest> total = new AtomicReference<>();
    ask(rows, query(rows, shape, List.of(), ""), row -> total.set(Digest.of(row, 0)));
    return Objects.requireNonNull(total.get());
  }

  /** Has a server digest the rows of a table in buckets. */
  static RowDigests read(RowOrigin rows, Shape shape) {
    Map<Integer, Digest> buckets = new HashMap<>();
    String number = shape.key().isEmpty() ? "0" : bucket(mixed("k1", "k2"));
    ask(
        rows,
        query(rows, shape, List.of(number), " GROUP BY 1"),
        row -> buckets.put(row.getInt(1), Digest.of(row, 1)));
    return new RowDigests(buckets);
  }

  private static void ask(RowOrigin rows, String query, Sql.Reader answer) {
    try (Registration onCancel = WorkScope.current().onCancel(() -> cancel(rows.connection()))) {
      Sql.forEach(rows.connection(), query, answer);
    } catch (SQLException e) {
      throw PostgresFailures.translate("digest the rows of", rows.name().toString(), e);
    }
  }

  private static String query(RowOrigin rows, Shape shape, List<String> before, String grouping) {
    Map<String, List<String>> digested = new TreeMap<>();
    digested.put("k", shape.key());
    digested.put("r", shape.row());
    digested.values().removeIf(List::isEmpty);
    List<String> arrays = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    List<String> columns = new ArrayList<>(before);
    columns.add("count(*)");
    digested.forEach(
        (name, bytes) -> {
          arrays.add("%s AS %s".formatted(array(bytes), name));
          hashes.add("%s AS %s1".formatted(hash(name, FIRST_SEED), name));
          hashes.add("%s AS %s2".formatted(hash(name, SECOND_SEED), name));
          columns.add(sum(mixed(name + "1", name + "2")));
          columns.add(sum(mixed(name + "2", name + "1")));
        });
    // OFFSET 0 has the server make each row's bytes, and each hash of them, once
    return "SELECT %s FROM (SELECT %s FROM (SELECT %s FROM %s AS t WHERE %s OFFSET 0) AS b OFFSET 0) AS h%s"
        .formatted(
            String.join(", ", columns),
            String.join(", ", hashes),
            String.join(", ", arrays),
            rows.rows().sql(),
            rows.predicate(),
            grouping);
  }

  private static String array(List<String> bytes) {
    return "ARRAY[%s]::bytea[]".formatted(String.join(", ", bytes));
  }

  private static String hash(String array, long seed) {
    return "pg_catalog.hash_array_extended(%s, %d)".formatted(array, seed);
  }

  /** A hash of two hashes: of all bits of the second, and of the first folded to its half. */
  private static String mixed(String first, String second) {
    return "pg_catalog.hashint8extended(%s, %s)".formatted(first, second);
  }

  /** A sum, zero where there are no rows. */
  private static String sum(String hash) {
    return "coalesce(sum(%s), 0)".formatted(hash);
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
