package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The way back: the tenant writes again whoever reads its tables, and the triggers go later. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class FenceReleaseIT {

  private static final Duration SECONDS = Duration.ofSeconds(20);

  /** As an operator is promised. */
  private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(10);

  private FenceLab lab;

  @BeforeEach
  void createTables() throws SQLException {
    lab =
        new FenceLab(
            "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
            "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id int NOT NULL REFERENCES"
                + " shared.queries)",
            "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex')");
  }

  @AfterEach
  void dropTables() throws SQLException {
    lab.close();
  }

  @Test
  void aNeighboursDumpHoldsUpOnlyTheRemovalOfTheTriggers() throws Exception {
    lab.raise();
    try (Connection dump = lab.transaction("pg_dump")) {
      dump.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      TestDatabase.execute(
          dump, "LOCK TABLE shared.queries, shared.runs IN ACCESS SHARE MODE", "SELECT 1");

      tenantWritesSoonAfterRelease();
      removalWaitsFor(dump, "pg_dump");
    }
  }

  @Test
  void anIdleTransactionThatHasOnlyReadHoldsUpOnlyTheRemovalOfTheTriggers() throws Exception {
    lab.raise();
    try (Connection idle = lab.transaction("console")) {
      assertThat(TestDatabase.query(idle, "SELECT count(*) FROM shared.queries")).hasSize(1);

      tenantWritesSoonAfterRelease();
      removalWaitsFor(idle, "console");
    }
  }

  @Test
  void anIdleTransactionThatHasWrittenForANeighbourHoldsUpOnlyTheRemovalOfTheTriggers()
      throws Exception {
    lab.raise();
    try (Connection idle = lab.transaction("nightly job")) {
      TestDatabase.execute(idle, "UPDATE shared.queries SET body = 'x' WHERE id = 2");

      tenantWritesSoonAfterRelease();
      removalWaitsFor(idle, "nightly job");
    }
  }

  @Test
  void aCopyOfOursThatNobodyReadsIsEndedByTheRelease() throws Exception {
    lab.database.execute(
        "INSERT INTO shared.queries SELECT i, 'acme', repeat('x', 2000)"
            + " FROM generate_series(100, 20000) i");
    lab.raise();
    try (Connection frozen = lab.connections.open(lab.database.spec(), lab.migrationId, "copy 1")) {
      frozen.setAutoCommit(false);
      CopyOut copy =
          frozen
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (SELECT * FROM shared.queries) TO STDOUT");
      assertThat(copy.readFromCopy()).isNotEmpty();
      Awaitility.await()
          .atMost(SECONDS)
          .untilAsserted(() -> assertThat(sessions("wait_event")).containsExactly("ClientWrite"));

      WriteFence.Released released = tenantWritesSoonAfterRelease();

      assertThat(released.left()).isEmpty();
      assertThat(sessions("pid::text")).isEmpty();
      assertThat(lab.remove()).isTrue();
      assertThat(lab.fenceTriggers()).isEmpty();
    }
  }

  @Test
  void aQueryOfOursThatOutlivesItsCancelIsEndedByTheRelease() throws Exception {
    lab.raise();
    try (Connection check =
        lab.connections.open(lab.database.spec(), lab.migrationId, "query test")) {
      check.setAutoCommit(false);
      TestDatabase.execute(check, "SELECT count(*) FROM shared.queries");
      CompletableFuture<Void> query =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> TestDatabase.execute(check, "SELECT pg_sleep(600)"))
                      .isInstanceOf(SQLException.class));

      tenantWritesSoonAfterRelease();

      query.get(SECONDS.toSeconds(), TimeUnit.SECONDS);
      assertThat(lab.remove()).isTrue();
    }
  }

  @Test
  void aTransactionThatIsOpenSinceTheFenceStoodWritesAfterTheRelease() throws Exception {
    lab.raise();
    try (Connection pooled = lab.transaction("service")) {
      String write = "INSERT INTO shared.queries VALUES (7, 'acme')";
      assertThatThrownBy(() -> TestDatabase.execute(pooled, write))
          .hasMessageContaining("is being moved");
      pooled.rollback();
      lab.release();

      TestDatabase.execute(pooled, write);
      pooled.commit();
    }
  }

  @Test
  void aFenceOfALaterMigrationStandsBesideTriggersThatLetEverythingPass() throws Exception {
    lab.raise();
    try (Connection dump = lab.transaction("pg_dump")) {
      TestDatabase.execute(dump, "LOCK TABLE shared.queries IN ACCESS SHARE MODE");
      lab.release();
      MigrationContext later = lab.context(TestJournal.newMigrationId(), "acme");

      lab.fence.raise(later, ProgressMonitor.unmonitored());
      lab.refused("INSERT INTO shared.queries VALUES (8, 'acme')");
      lab.refused("INSERT INTO shared.runs VALUES (8, 1)");
      lab.passes("INSERT INTO shared.queries VALUES (9, 'globex')");

      dump.rollback();
      assertThat(lab.remove()).isTrue();
      lab.refused("INSERT INTO shared.queries VALUES (8, 'acme')");
      assertThat(lab.fence.release(later).stood()).isTrue();
      lab.passes("INSERT INTO shared.queries VALUES (8, 'acme')");
      assertThat(lab.fence.remove(later, ProgressMonitor.unmonitored())).isTrue();
    }
    assertThat(lab.fenceTriggers()).isEmpty();
  }

  @Test
  void aRemovalThatWaitsTooLongNamesTheTablesAndWhoHoldsThem() throws Exception {
    lab.raise();
    lab.release();
    try (Connection dump = lab.transaction("pg_dump")) {
      TestDatabase.execute(
          dump,
          "LOCK TABLE shared.queries IN ACCESS SHARE MODE",
          "SELECT 'a value' FROM shared.queries");

      WriteFence impatient = new WriteFence(lab.connections, lab.journal, FenceLab.SHORT);
      assertThatThrownBy(() -> impatient.remove(lab.context(), ProgressMonitor.unmonitored()))
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.STORE_ERROR))
          .hasMessageContaining("shared.queries, held by pid")
          .hasMessageContaining("application 'pg_dump'")
          .hasMessageContaining("idle in transaction (SELECT)")
          .hasMessageNotContaining("a value")
          .hasMessageNotContaining("shared.runs");
      dump.rollback();
    }
    assertThat(lab.remove()).isTrue();
  }

  /** Else it would hold the tables that the later attempt has to lock. */
  @Test
  void anEarlierAttemptThatStillRaisesTheFenceIsEndedByTheNext() throws SQLException {
    try (Connection earlier = lab.connections.open(lab.database.spec(), lab.migrationId, "fence")) {
      lab.raise();

      assertThat(earlier.isValid(1)).isFalse();
    }
  }

  /** Others would queue behind a request for the lock: here it would stand for ten minutes. */
  @Test
  void aTableThatIsHeldForLongIsNotAskedFor() throws Exception {
    lab.raise();
    lab.release();
    try (Connection dump = lab.transaction("pg_dump")) {
      TestDatabase.execute(dump, "LOCK TABLE shared.queries IN ACCESS SHARE MODE");
      Awaitility.await()
          .atMost(SECONDS)
          .until(
              () ->
                  lab.database
                      .query(
                          "SELECT clock_timestamp() - xact_start > interval '4 s' FROM"
                              + " pg_stat_activity WHERE application_name = 'pg_dump'"
                              + " AND datname = current_database()")
                      .equals(List.of("t")));
      WriteFence patient =
          new WriteFence(
              lab.connections,
              lab.journal,
              new WriteFence.Limits(
                  Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(1)));

      CompletableFuture<Boolean> removal =
          CompletableFuture.supplyAsync(
              () -> patient.remove(lab.context(), ProgressMonitor.unmonitored()));

      assertThatThrownBy(() -> removal.get(SECONDS.toSeconds(), TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(MigrationException.class)
          .hasMessageContaining("held by pid");
      dump.rollback();
    }
    assertThat(lab.remove()).isTrue();
  }

  @Test
  void aFenceThatWasNotReleasedIsNotRemoved() {
    lab.raise();

    assertThatThrownBy(lab::remove)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
    lab.refused("INSERT INTO shared.queries VALUES (8, 'acme')");
  }

  @Test
  void aRemovalThatWaitsEndsSoonWhenItIsCancelled() throws Exception {
    lab.raise();
    lab.release();
    try (Connection dump = lab.transaction("pg_dump")) {
      TestDatabase.execute(dump, "LOCK TABLE shared.queries IN ACCESS SHARE MODE");
      CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
      CompletableFuture<Boolean> removal =
          CompletableFuture.supplyAsync(() -> lab.fence.remove(lab.context(), monitor));
      Awaitility.await()
          .atMost(SECONDS)
          .until(() -> monitor.latest().doing().startsWith("waiting for shared.queries"));
      monitor.cancel();

      assertThatThrownBy(() -> removal.get(CANCELLED_WITHIN.toSeconds(), TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(MigrationException.class);
      dump.rollback();
    }
  }

  @Test
  void twoTenantsFencesStandSideBySideAndAreReleasedEachByItself() throws SQLException {
    lab.raise();
    lab.raise();
    MigrationContext globex = lab.context(TestJournal.newMigrationId(), "globex");
    lab.fence.raise(globex, ProgressMonitor.unmonitored());
    lab.refused("INSERT INTO shared.queries VALUES (40, 'globex')");

    assertThat(lab.release().stood()).isTrue();
    assertThat(lab.remove()).isTrue();
    assertThat(lab.release().stood()).isFalse();
    assertThat(lab.remove()).isFalse();
    lab.passes("INSERT INTO shared.queries VALUES (41, 'acme')");
    lab.passes("INSERT INTO shared.runs VALUES (41, 41)");
    lab.refused("INSERT INTO shared.queries VALUES (40, 'globex')");

    assertThat(lab.fence.release(globex).stood()).isTrue();
    assertThat(lab.fence.remove(globex, ProgressMonitor.unmonitored())).isTrue();
    assertThat(lab.fenceTriggers()).isEmpty();
    assertThat(
            lab.database.query(
                "SELECT nspname FROM pg_namespace WHERE nspname = 'tenant_migration_fence'"))
        .isEmpty();
  }

  @Test
  void aFenceThatWasReleasedIsNotRaisedAgainByALateAttempt() {
    lab.raise();
    lab.release();

    assertThatThrownBy(lab::raise)
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.WORK_ENDED));
    lab.passes("INSERT INTO shared.queries VALUES (50, 'acme')");
  }

  private WriteFence.Released tenantWritesSoonAfterRelease() {
    lab.refused("INSERT INTO shared.queries VALUES (3, 'acme')");
    Instant begin = Instant.now();
    WriteFence.Released released = lab.release();
    assertThat(released.stood()).isTrue();
    lab.passes("INSERT INTO shared.queries VALUES (3, 'acme')");
    lab.passes("INSERT INTO shared.runs VALUES (3, 1)");
    assertThat(Duration.between(begin, Instant.now())).isLessThan(SECONDS);
    return released;
  }

  private void removalWaitsFor(Connection reader, String application) throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Boolean> removal =
        CompletableFuture.supplyAsync(() -> lab.fence.remove(lab.context(), monitor));
    Awaitility.await()
        .atMost(SECONDS)
        .until(
            () -> removal.isDone() || monitor.latest().doing().contains("'" + application + "'"));
    assertThat(removal).isNotDone();

    reader.rollback();
    assertThat(removal.get(SECONDS.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(lab.fenceTriggers()).isEmpty();
    lab.passes("INSERT INTO shared.queries VALUES (4, 'acme')");
  }

  private List<String> sessions(String column) throws SQLException {
    return lab.database.query(
        "SELECT %s FROM pg_stat_activity WHERE application_name LIKE 'tenant-migration %s %%'"
            .formatted(column, lab.migrationId));
  }
}
