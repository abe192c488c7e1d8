package com.matih.tenantmigration.activities.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Raising a fence waits for what the tenant has written, and for nothing else. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class WriteFenceDrainIT extends WriteFenceLab {

  @Test
  void aTransactionThatBeganEarlierHoldsTheDrainUntilItEnds() throws Exception {
    try (Connection writer = database.connect()) {
      writer.setAutoCommit(false);
      TestDatabase.execute(writer, "INSERT INTO shared.queries VALUES (8, 'acme')");
      CancellableMonitor monitor = CancellableMonitor.of(Attempt.next());
      CompletableFuture<Void> raising =
          CompletableFuture.runAsync(() -> fence.raise(context(), monitor));

      awaitWaitingFor("shared.queries", monitor);
      assertThat(raising).isNotDone();

      writer.commit();
      raising.get(60, TimeUnit.SECONDS);
    }
    assertThat(database.query("SELECT id FROM shared.queries WHERE id = 8")).hasSize(1);
    refused("INSERT INTO shared.queries VALUES (9, 'acme')");
  }

  @Test
  void anEarlierAttemptThatBeginsLastLeavesTheLaterOneAlone() {
    CancellableMonitor earlier = CancellableMonitor.of(Attempt.next());
    raise(fence);

    assertThatThrownBy(() -> fence.raise(context(), earlier))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.WRITER_SUPERSEDED));
    refused("INSERT INTO shared.queries VALUES (9, 'acme')");
  }

  @Test
  void aDrainThatWaitsTellsWhomItWaitsFor() throws Exception {
    try (Connection writer = database.connect()) {
      writer.setAutoCommit(false);
      writer.setClientInfo("ApplicationName", "nightly job");
      TestDatabase.execute(writer, "UPDATE shared.queries SET body = 'x' WHERE id = 2");
      CancellableMonitor monitor = CancellableMonitor.of(Attempt.next());
      CompletableFuture<Void> raising =
          CompletableFuture.runAsync(() -> fence.raise(context(), monitor));

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> monitor.latest().doing().contains("application 'nightly job'"));

      writer.rollback();
      raising.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDrainThatTakesTooLongNamesWhoHoldsIt() throws SQLException {
    try (Connection writer = database.connect()) {
      writer.setAutoCommit(false);
      writer.setClientInfo("ApplicationName", "nightly job");
      TestDatabase.execute(writer, "UPDATE shared.queries SET body = 'x' WHERE id = 2");

      assertThatThrownBy(() -> raise(new WriteFence(connections, journal, SHORT)))
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.DRAIN_TIMED_OUT))
          .hasMessageContaining("shared.queries")
          .hasMessageContaining("nightly job");
      writer.rollback();
    }
    assertThat(release()).isTrue();
    passes("INSERT INTO shared.queries VALUES (9, 'acme')");
  }

  @Test
  void aTransactionThatBeganEarlierButHadNotWrittenYetIsJudgedWhenItWrites() throws SQLException {
    try (Connection old = database.connect()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      TestDatabase.query(old, "SELECT count(*) FROM shared.queries");
      database.execute("INSERT INTO shared.queries VALUES (30, 'acme')");
      raise(fence);

      assertThatThrownBy(
              () -> TestDatabase.execute(old, "INSERT INTO shared.runs VALUES (300, 30)"))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> assertThat(e.getSQLState()).as("foreign key").isEqualTo("23503"));
      old.rollback();
      assertThatThrownBy(
              () -> TestDatabase.execute(old, "INSERT INTO shared.queries VALUES (31, 'acme')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(READ_ONLY));
      old.rollback();
    }
  }

  /** The child's table is named so that it would come first. */
  @Test
  void aChildThatWaitsForItsParentUntilItsTransactionEndsIsDrainedToo() throws Exception {
    database.execute(
        "CREATE TABLE shared.attempts (id int PRIMARY KEY, query_id int NOT NULL REFERENCES"
            + " shared.queries DEFERRABLE INITIALLY DEFERRED)");
    CancellableMonitor monitor = CancellableMonitor.of(Attempt.next());
    CompletableFuture<Void> raising;
    try (Connection child = database.connect()) {
      child.setAutoCommit(false);
      try (Connection neighbour = database.connect()) {
        neighbour.setAutoCommit(false);
        TestDatabase.execute(neighbour, "INSERT INTO shared.queries VALUES (60, 'globex')");
        raising = CompletableFuture.runAsync(() -> fence.raise(context(), monitor));
        awaitWaitingFor("shared.queries", monitor);

        TestDatabase.execute(child, "INSERT INTO shared.attempts VALUES (1, 61)");
        database.execute("INSERT INTO shared.queries VALUES (61, 'acme')");
        neighbour.commit();
      }
      awaitWaitingFor("shared.attempts", monitor);
      assertThat(raising).isNotDone();
      child.commit();
    }
    raising.get(60, TimeUnit.SECONDS);

    assertThat(database.query("SELECT id FROM shared.attempts")).containsExactly("1");
    refused("INSERT INTO shared.attempts VALUES (2, 61)");
  }

  /** Measured by the server, which is not held up by what else the machine does. */
  @Test
  void aNeighbourWhoWritesWhileTheDrainWaitsNeverWaitsForLong() throws Exception {
    try (Connection old = database.connect();
        Connection neighbour = database.connect()) {
      old.setAutoCommit(false);
      TestDatabase.execute(old, "UPDATE shared.queries SET body = 'x' WHERE id = 2");
      CancellableMonitor monitor = CancellableMonitor.of(Attempt.next());
      CompletableFuture<Void> raising =
          CompletableFuture.runAsync(() -> fence.raise(context(), monitor));
      awaitWaitingFor("shared.queries", monitor);

      TestDatabase.execute(neighbour, "SET lock_timeout = '5s'");
      for (int i = 0; i < 40; i++) {
        TestDatabase.execute(
            neighbour, "INSERT INTO shared.queries VALUES (1000 + %d, 'globex')".formatted(i));
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(raising).isNotDone();

      old.commit();
      raising.get(60, TimeUnit.SECONDS);
    }
    assertThat(database.query("SELECT count(*) FROM shared.queries WHERE id >= 1000"))
        .containsExactly("40");
  }

  private static void awaitWaitingFor(String table, CancellableMonitor monitor) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> monitor.latest().doing().startsWith("waiting for %s,".formatted(table)));
  }
}
