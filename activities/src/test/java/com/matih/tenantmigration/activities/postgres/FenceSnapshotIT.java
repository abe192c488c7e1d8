package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children whose parents a writer with a snapshot from before the fence cannot see as they are. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class FenceSnapshotIT {

  private static final String NOT_SERIALIZABLE = "40001";
  private static final String READ_ONLY = "25006";

  private FenceLab lab;

  @BeforeEach
  void createTables() throws SQLException {
    lab =
        new FenceLab(
            "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)"
                + " PARTITION BY HASH (id)",
            "CREATE TABLE shared.queries_0 PARTITION OF shared.queries"
                + " FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
            "CREATE TABLE shared.queries_1 PARTITION OF shared.queries"
                + " FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
            "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id int REFERENCES shared.queries)",
            "CREATE TABLE shared.steps (id int PRIMARY KEY, run_id int REFERENCES shared.runs)",
            "CREATE TABLE shared.later (id int PRIMARY KEY, query_id int NOT NULL REFERENCES"
                + " shared.queries DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex'), (3, 'globex')",
            "INSERT INTO shared.runs VALUES (10, 1), (20, 2), (30, 3)",
            "INSERT INTO shared.steps VALUES (100, 10), (200, 20), (300, 30)");
  }

  @AfterEach
  void dropTables() throws SQLException {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
  void aChildWhoseParentIsNewerThanTheSnapshotIsRefused(int isolation) throws SQLException {
    try (Connection old = snapshot(isolation)) {
      lab.database.execute("INSERT INTO shared.queries VALUES (5, 'acme')");
      lab.raise();

      refused(old, NOT_SERIALIZABLE, "INSERT INTO shared.runs VALUES (50, 5)");
      refused(old, READ_ONLY, "INSERT INTO shared.runs VALUES (50, 5)");
    }
    assertThat(lab.database.query("SELECT id FROM shared.runs WHERE id = 50")).isEmpty();
  }

  @Test
  void aChildThatIsMovedToAParentThatIsNewerThanTheSnapshotIsRefused() throws SQLException {
    try (Connection old = snapshot(Connection.TRANSACTION_REPEATABLE_READ)) {
      lab.database.execute("INSERT INTO shared.queries VALUES (5, 'acme')");
      lab.raise();

      refused(old, NOT_SERIALIZABLE, "UPDATE shared.runs SET query_id = 5 WHERE id = 20");
    }
  }

  /** What the snapshot shows of the parent is that it belongs to a neighbour's query. */
  @Test
  void aGrandchildWhoseParentHasMovedSinceTheSnapshotIsRefused() throws SQLException {
    try (Connection old = snapshot(Connection.TRANSACTION_REPEATABLE_READ)) {
      lab.database.execute("UPDATE shared.runs SET query_id = 1 WHERE id = 20");
      lab.raise();

      refused(old, NOT_SERIALIZABLE, "INSERT INTO shared.steps VALUES (500, 20)");
    }
  }

  /** What the snapshot shows of the parent is a neighbour's row. */
  @Test
  void childrenOfAParentThatBecameTheTenantsSinceTheSnapshotAreRefused() throws SQLException {
    try (Connection old = snapshot(Connection.TRANSACTION_REPEATABLE_READ)) {
      lab.database.execute("UPDATE shared.queries SET tenant_id = 'acme' WHERE id = 3");
      lab.raise();

      refused(old, NOT_SERIALIZABLE, "INSERT INTO shared.runs VALUES (31, 3)");
    }
    try (Connection fresh = lab.transaction("fresh")) {
      refused(fresh, READ_ONLY, "DELETE FROM shared.steps WHERE id = 300");
    }
  }

  @Test
  void aRowWithoutAParentIsNobodysAndPassesWithAnOldSnapshotToo() throws SQLException {
    try (Connection old = snapshot(Connection.TRANSACTION_REPEATABLE_READ)) {
      lab.raise();

      passes(
          old,
          "INSERT INTO shared.runs VALUES (41, NULL)",
          "UPDATE shared.runs SET id = 42 WHERE id = 41",
          "DELETE FROM shared.runs WHERE id = 42");
      old.commit();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void aNeighboursWritesPassAtEveryLevel(int isolation) throws SQLException {
    lab.raise();
    try (Connection neighbour = snapshot(isolation)) {
      passes(
          neighbour,
          "INSERT INTO shared.later VALUES (1, 7)",
          "INSERT INTO shared.queries VALUES (7, 'globex')",
          "INSERT INTO shared.runs VALUES (70, 7)",
          "UPDATE shared.runs SET query_id = 7 WHERE id = 20",
          "INSERT INTO shared.steps VALUES (700, 70)",
          "DELETE FROM shared.steps WHERE id = 200");
      neighbour.commit();
    }
  }

  @Test
  void aNeighbourWhoBeganBeforeTheFenceAndReadsWhatIsCommittedPasses() throws SQLException {
    try (Connection neighbour = snapshot(Connection.TRANSACTION_READ_COMMITTED)) {
      lab.raise();

      passes(neighbour, "INSERT INTO shared.runs VALUES (21, 2)");
      neighbour.commit();
    }
  }

  @Test
  void aFenceThatStandsIsLeftAsItIsAndOneThatWasOpenedAtAParentIsMadeAnew() throws SQLException {
    lab.raise();
    String text = askingFunctions();
    lab.raise();
    assertThat(askingFunctions()).isEqualTo(text);

    lab.database.execute("ALTER TABLE shared.queries_0 DISABLE TRIGGER ALL");
    try (Connection old = snapshot(Connection.TRANSACTION_REPEATABLE_READ)) {
      lab.database.execute(
          "SET session_replication_role = replica",
          "INSERT INTO shared.queries_0 SELECT i, 'acme' FROM generate_series(50, 99) i"
              + " WHERE satisfies_hash_partition('shared.queries'::regclass, 2, 0, i)",
          "RESET session_replication_role");
      lab.raise();
      assertThat(askingFunctions()).isNotEqualTo(text);

      refused(
          old,
          NOT_SERIALIZABLE,
          "INSERT INTO shared.runs VALUES (50, %s)"
              .formatted(lab.database.query("SELECT max(id) FROM shared.queries").get(0)));
    }
  }

  private String askingFunctions() throws SQLException {
    return String.join(
        " ",
        lab.database.query(
            "SELECT md5(prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                + " WHERE n.nspname = 'tenant_migration_fence' ORDER BY proname"));
  }

  /** A transaction that has read something and nothing of the tenant's tables. */
  private Connection snapshot(int isolation) throws SQLException {
    Connection connection = lab.transaction("old snapshot");
    connection.setTransactionIsolation(isolation);
    assertThat(TestDatabase.query(connection, "SELECT count(*) FROM pg_class")).hasSize(1);
    return connection;
  }

  private static void refused(Connection transaction, String state, String write)
      throws SQLException {
    assertThatThrownBy(
            () -> {
              TestDatabase.execute(transaction, write);
              transaction.commit();
            })
        .as(write)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    transaction.rollback();
  }

  private static void passes(Connection transaction, String... writes) {
    assertThatCode(() -> TestDatabase.execute(transaction, writes)).doesNotThrowAnyException();
  }
}
