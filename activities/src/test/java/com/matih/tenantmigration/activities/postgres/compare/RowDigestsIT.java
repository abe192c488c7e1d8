package com.matih.tenantmigration.activities.postgres.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two databases whose types and objects have other numbers agree on equal rows, and on no others.
 */
class RowDigestsIT {

  private static final List<String> COLUMNS =
      List.of(
          "id", "number", "words", "fixed", "point", "json", "moods", "mood", "mail", "place",
          "period", "span", "tags", "of", "names");

  private static final String TYPES =
      """
      CREATE TYPE mood AS ENUM ('calm', 'busy');
      CREATE TYPE place AS (street text, number int, mood mood);
      CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
      CREATE TABLE rows (id bigint PRIMARY KEY, number numeric, words text, fixed char(8),
        point float8, json jsonb, moods mood[], mood mood, mail mail, place place,
        period tstzrange, span interval, tags text[], of regclass, names regclass[]);
      """;

  private static final String ROWS =
      """
      INSERT INTO rows SELECT i, 1.0, 'w' || i, 'f', 0.5, '{"a": 1.0}', ARRAY['calm', 'busy']::mood[],
        'calm', 'a@b', ROW('s', i, 'busy')::place, '[2026-01-01,2026-02-01)', '1 day', ARRAY['x', NULL],
        'rows', ARRAY['rows']::regclass[] FROM generate_series(1, 3000) i
      """;

  private TestDatabase here;
  private TestDatabase there;

  @BeforeEach
  void makeEqualRowsInDatabasesWithOtherObjectNumbers() throws SQLException {
    here = TestDatabase.create(TestServers.postgres());
    there = TestDatabase.create(TestServers.dedicatedPostgres());
    there.execute("CREATE TABLE of_another_number (id serial)", "CREATE TYPE other AS ENUM ('x')");
    for (TestDatabase side : List.of(here, there)) {
      side.execute(TYPES, ROWS);
    }
  }

  @AfterEach
  void drop() throws SQLException {
    here.close();
    there.close();
  }

  @Test
  void equalRowsHaveEqualDigestsInWhateverOrderTheyLie() throws SQLException {
    there.execute("UPDATE rows SET words = words WHERE id % 7 = 0");

    assertThat(differing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number = 1.00",
        "number = NULL",
        "words = ''",
        "words = NULL",
        "fixed = 'g'",
        "point = '-0'",
        "json = '{\"a\": 1.00}'",
        "moods = ARRAY['busy', 'calm']::mood[]",
        "mood = 'busy'",
        "mail = 'a@c'",
        "place = ROW('s', 5, 'busy')::place",
        "period = '[2026-01-01,2026-02-01]'",
        "span = '24 hours'",
        "tags = ARRAY['x', '']",
        "tags = ARRAY['x']",
        "of = 'pg_class'",
        "names = ARRAY['pg_class']::regclass[]",
        "tags = NULL, words = 'x'"
      })
  void aValueThatDiffersInOneRowShowsInOneBucket(String change) throws SQLException {
    there.execute("UPDATE rows SET %s WHERE id = 1234".formatted(change));

    assertThat(differing()).hasSize(1);
  }

  @Test
  void aRowThatIsThereTwiceOrNotAtAllShows() throws SQLException {
    for (TestDatabase side : List.of(here, there)) {
      side.execute("CREATE TABLE log (line text)", "INSERT INTO log VALUES ('a'), ('a'), ('b')");
    }
    assertThat(differing("log", List.of("line"), List.of("line"))).isEmpty();

    there.execute("INSERT INTO log VALUES ('b')", "DELETE FROM log WHERE ctid = '(0,1)'");

    assertThat(differing("log", List.of("line"), List.of("line"))).hasSize(2);
  }

  @Test
  void twoValuesThatChangedPlacesShow() throws SQLException {
    there.execute(
        "UPDATE rows SET words = CASE id WHEN 1 THEN 'w2' ELSE 'w1' END WHERE id IN (1, 2)");

    assertThat(differing()).isNotEmpty();
    assertThat(differing("rows", List.of("id"), List.of("id"))).isEmpty();
  }

  /** A hash of an array is the sum of its elements' hashes, so sums of it would be equal. */
  @Test
  void twoRowsOfABucketThatExchangedAValueShow() throws SQLException {
    RowDigests.Shape byId = new RowDigests.Shape(List.of("int8send(t.id)"), List.of());
    int bucket = 0;
    List<String> ids = List.of();
    while (ids.size() < 2) {
      ids = there.query("SELECT id FROM rows AS t WHERE %s".formatted(byId.isIn(Set.of(++bucket))));
    }

    there.execute(
        "UPDATE rows SET words = CASE id WHEN %1$s THEN 'w%2$s' ELSE 'w%1$s' END WHERE id IN (%1$s, %2$s)"
            .formatted(ids.get(0), ids.get(1)));

    assertThat(differing()).containsExactly(bucket);
  }

  @Test
  void rowsAreCountedWhetherOrNotTheyAreDigested() throws SQLException {
    try (Connection source = here.connect()) {
      RowOrigin rows =
          new RowOrigin(source, TableRows.of(new TableName("public", "rows")), "id > 10", true);

      assertThat(RowDigests.total(rows, RowDigests.Shape.COUNT).rows()).isEqualTo(2990);
      assertThat(
              RowDigests.total(rows, new RowDigests.Shape(List.of("int8send(t.id)"), List.of()))
                  .rows())
          .isEqualTo(2990);
    }
  }

  private Iterable<Integer> differing() throws SQLException {
    return differing("rows", List.of("id"), COLUMNS);
  }

  private Iterable<Integer> differing(String table, List<String> key, List<String> columns)
      throws SQLException {
    try (Connection source = here.connect();
        Connection target = there.connect()) {
      TableName name = new TableName("public", table);
      ColumnBytes bytes = ColumnBytes.read(source, "public", Set.of());
      RowDigests.Shape shape =
          new RowDigests.Shape(
              key.stream().map(column -> bytes.of(name, column)).toList(),
              columns.stream().map(column -> bytes.of(name, column)).toList());
      List<RowOrigin> sides =
          Stream.of(source, target)
              .map(side -> new RowOrigin(side, TableRows.of(name), "true", true))
              .toList();
      List<RowDigests> digests = sides.stream().map(side -> RowDigests.read(side, shape)).toList();
      Set<Integer> differing = digests.get(0).differing(digests.get(1));
      assertThat(
              RowDigests.total(sides.get(0), shape).equals(RowDigests.total(sides.get(1), shape)))
          .isEqualTo(differing.isEmpty());
      return differing;
    }
  }
}
