package com.matih.tenantmigration.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

class SqlIT {

  private enum Colour {
    RED,
    GREEN
  }

  private final Connection connection = connect();

  private static Connection connect() {
    PostgresServer server = TestServers.postgres();
    try {
      return DriverManager.getConnection(
          server.jdbcUrl("postgres"), server.user(), server.password());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void createTable() throws SQLException {
    Sql.execute(
        connection, "CREATE TEMPORARY TABLE item (id bigint PRIMARY KEY, name text, big boolean)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void valuesAreBoundByTheirTypesAndNullIsNull() throws SQLException {
    Sql.execute(connection, "INSERT INTO item VALUES (?, ?, ?)", 1L, Colour.RED, true);
    Sql.execute(connection, "INSERT INTO item VALUES (?, ?, ?)", 2, null, null);

    assertThat(
            Sql.list(
                connection,
                "SELECT id, name, big FROM item ORDER BY id",
                row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3)))
        .containsExactly("1 RED t", "2 null null");
  }

  @Test
  void arraysAreBoundWithTheirElementsType() throws SQLException {
    assertThat(
            Sql.texts(
                connection,
                "SELECT relname FROM pg_class WHERE relname = ANY (?) AND oid <> ALL (?)",
                Sql.array("name", List.of("pg_class", "pg_proc")),
                Sql.array("oid", List.of(1255L))))
        .containsExactly("pg_class");
    assertThat(Sql.number(connection, "SELECT cardinality(?)", Sql.array("text", List.of())))
        .isZero();
  }

  @Test
  void aStatementWithoutValuesIsSentAsItIs() throws SQLException {
    Sql.execute(
        connection,
        "DO $$ DECLARE n bigint := 7; BEGIN INSERT INTO item VALUES (n, 'what?'); END $$;"
            + " INSERT INTO item VALUES (8)");

    assertThat(Sql.number(connection, "SELECT count(*) FROM item")).isEqualTo(2);
    assertThat(Sql.isTrue(connection, "SELECT '{\"a\": 1}'::jsonb ? 'a'")).isTrue();
  }

  @Test
  void anUpdateAnswersHowManyRowsItChanged() throws SQLException {
    assertThat(Sql.update(connection, "INSERT INTO item VALUES (?), (?)", 1L, 2L)).isEqualTo(2);
    assertThat(Sql.update(connection, "DELETE FROM item WHERE id = ?", 3L)).isZero();
    assertThat(Sql.update(connection, "DELETE FROM item")).isEqualTo(2);
  }

  @Test
  void rowsAreReadInTheirOrder() throws SQLException {
    List<Long> read = new ArrayList<>();
    Sql.forEach(
        connection,
        "SELECT n FROM generate_series(1, ?) n ORDER BY n DESC",
        row -> read.add(row.getLong(1)),
        3);

    assertThat(read).containsExactly(3L, 2L, 1L);
  }

  @Test
  void theFirstRowIsEmptyWithoutRowsAndForNull() throws SQLException {
    assertThat(Sql.first(connection, "VALUES (1), (2)", row -> row.getInt(1))).contains(1);
    assertThat(Sql.first(connection, "SELECT id FROM item", row -> row.getInt(1))).isEmpty();
    assertThat(Sql.text(connection, "SELECT to_regclass(?)::text", "nowhere.at_all")).isEmpty();
    assertThat(Sql.text(connection, "SELECT ?", "here")).contains("here");
  }

  @Test
  void isTrueIsFalseWithoutRowsAndForNull() throws SQLException {
    assertThat(Sql.isTrue(connection, "SELECT ?", true)).isTrue();
    assertThat(Sql.isTrue(connection, "SELECT NULL::boolean")).isFalse();
    assertThat(Sql.isTrue(connection, "SELECT true WHERE false")).isFalse();
  }

  @Test
  void aStatementThatAlwaysHasARowMustHaveOne() throws SQLException {
    String bound = Sql.one(connection, "SELECT ?", row -> row.getString(1), "x");
    assertThat(bound).isEqualTo("x");
    assertThatThrownBy(() -> Sql.number(connection, "SELECT id FROM item"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SELECT id FROM item");
  }

  @Test
  void timestampsAreReadAsInstants() throws SQLException {
    Instant instant =
        Sql.one(
            connection,
            "SELECT '2026-03-01 10:00:00.123456+02'::timestamptz",
            row -> Sql.instant(row, 1));
    assertThat(instant).isEqualTo(Instant.parse("2026-03-01T08:00:00.123456Z"));
  }

  @Test
  void theDriversExceptionIsPassedOn() {
    assertThatThrownBy(() -> Sql.execute(connection, "INSERT INTO item VALUES (?)", (Object) null))
        .isExactlyInstanceOf(PSQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "23502");
  }

  @Test
  void aTransactionIsCommittedAndAutocommitIsOnAgain() throws SQLException {
    long id =
        Sql.inTransaction(
            connection,
            transaction -> {
              Sql.execute(transaction, "INSERT INTO item VALUES (?)", 5L);
              return Sql.number(transaction, "SELECT id FROM item");
            });

    assertThat(id).isEqualTo(5);
    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(Sql.number(connection, "SELECT count(*) FROM item")).isEqualTo(1);
  }

  @Test
  void aTransactionThatThrowsIsRolledBack() throws SQLException {
    IllegalStateException failure = new IllegalStateException("stop");

    assertThatThrownBy(
            () ->
                Sql.inTransaction(
                    connection,
                    transaction -> {
                      Sql.execute(transaction, "INSERT INTO item VALUES (?)", 5L);
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(Sql.number(connection, "SELECT count(*) FROM item")).isZero();
  }

  @Test
  void aRollbackThatFailsHidesNotWhatLedToIt() {
    assertThatThrownBy(
            () ->
                Sql.inTransaction(
                    connection,
                    transaction ->
                        Sql.update(transaction, "SELECT pg_terminate_backend(pg_backend_pid())")))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("57P01");
              assertThat(e.getSuppressed()).hasSize(1);
            });
  }
}
