package com.matih.tenantmigration.activities.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class WriteFenceIT {

  private static final String READ_ONLY = "25006";
  private static final WriteFence.Limits SHORT =
      new WriteFence.Limits(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private final PostgresConnections connections = TestDatabase.connections(TestServers.postgres());
  private final MigrationJournal journal = TestJournal.shared();
  private final String migrationId = TestJournal.newMigrationId();
  private TestDatabase database;
  private WriteFence fence;

  @BeforeEach
  void createTables() throws SQLException {
    fence = new WriteFence(connections, journal);
    database = TestDatabase.create(TestServers.postgres());
    database.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
        "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id int NOT NULL REFERENCES"
            + " shared.queries ON DELETE CASCADE)",
        "CREATE TABLE shared.events (tenant_id text, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE shared.events_old PARTITION OF shared.events"
            + " FOR VALUES FROM (MINVALUE) TO ('2025-01-01')",
        "CREATE TABLE shared.events_new PARTITION OF shared.events"
            + " FOR VALUES FROM ('2025-01-01') TO (MAXVALUE)",
        "CREATE TABLE shared.plans (id int PRIMARY KEY)",
        "INSERT INTO shared.plans VALUES (1)",
        "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex'), (3, 'globex')",
        "INSERT INTO shared.runs VALUES (10, 1), (20, 2)",
        "INSERT INTO shared.events VALUES ('acme', '2024-01-01'), ('globex', '2024-01-01')");
  }

  @AfterEach
  void dropTables() throws SQLException {
    database.close();
  }

  @Test
  void everyKindOfWriteOfTheTenantIsRefused() {
    raise(fence);

    refused("INSERT INTO shared.queries VALUES (4, 'acme')");
    refused("UPDATE shared.queries SET body = 'x' WHERE id = 1");
    refused("DELETE FROM shared.queries WHERE id = 1");
    refused("TRUNCATE shared.queries CASCADE");
    refused(
        "INSERT INTO shared.queries VALUES (1, 'acme') ON CONFLICT (id) DO UPDATE SET body = 'y'");
    refused("INSERT INTO shared.events VALUES ('acme', '2026-01-01')");
    refused("UPDATE shared.events SET at = '2026-01-01' WHERE tenant_id = 'acme'");
    refused("DELETE FROM shared.events_old WHERE tenant_id = 'acme'");
    refused("TRUNCATE shared.events_old");
    refused("TRUNCATE shared.events");
  }

  @Test
  void aRowThatMovesToTheTenantOrAwayFromItIsRefused() {
    raise(fence);

    refused("UPDATE shared.queries SET tenant_id = 'globex' WHERE id = 1");
    refused("UPDATE shared.queries SET tenant_id = 'acme' WHERE id = 2");
    refused("UPDATE shared.runs SET query_id = 1 WHERE id = 20");
    refused("UPDATE shared.runs SET query_id = 2 WHERE id = 10");
  }

  @Test
  void childrenOfTheTenantsRowsAreRefusedAndThoseOfANeighbourPass() {
    raise(fence);

    refused("INSERT INTO shared.runs VALUES (11, 1)");
    refused("DELETE FROM shared.runs WHERE id = 10");
    refused("TRUNCATE shared.runs");
    passes("INSERT INTO shared.runs VALUES (21, 2)");
    passes("UPDATE shared.runs SET query_id = 3 WHERE id = 21");
    passes("DELETE FROM shared.queries WHERE id = 2");
  }

  @Test
  void aNeighboursWritesPass() {
    raise(fence);

    passes("INSERT INTO shared.queries VALUES (5, 'globex')");
    passes("UPDATE shared.queries SET body = 'x' WHERE tenant_id = 'globex'");
    passes("INSERT INTO shared.events VALUES ('globex', '2024-02-01')");
    passes("UPDATE shared.events SET at = '2026-01-01' WHERE tenant_id = 'globex'");
    passes("DELETE FROM shared.events WHERE tenant_id = 'globex'");
    passes("UPDATE shared.plans SET id = 2");
  }

  @Test
  void aTriggerOfTheSourceThatChangesTheRowLaterDoesNotHideItFromTheFence() throws SQLException {
    database.execute(
        "CREATE FUNCTION shared.take() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.tenant_id := ''acme''; RETURN NEW; END'",
        "CREATE TRIGGER \"\uffff last\" BEFORE INSERT ON shared.queries FOR EACH ROW EXECUTE"
            + " FUNCTION shared.take()");
    raise(fence);

    refused("INSERT INTO shared.queries VALUES (6, 'globex')");
  }

  @Test
  void theReplicationRoleDoesNotGetAroundTheFence() {
    raise(fence);

    refused(
        "SET session_replication_role = replica", "INSERT INTO shared.queries VALUES (7, 'acme')");
    refused("SET session_replication_role = replica", "DELETE FROM shared.runs WHERE id = 10");
    refused(
        "SET session_replication_role = replica",
        "UPDATE shared.events_old SET at = '2023-01-01' WHERE tenant_id = 'acme'");
  }

  @Test
  void aWriterWithoutRightsOnTheParentIsJudgedLikeAnyOther() throws SQLException {
    String role = "writer_" + migrationId;
    database.execute(
        "CREATE ROLE %s".formatted(role),
        "GRANT USAGE ON SCHEMA shared TO %s".formatted(role),
        "GRANT INSERT ON shared.runs TO %s".formatted(role));
    try {
      raise(fence);

      refused("SET ROLE " + role, "INSERT INTO shared.runs VALUES (12, 1)");
      passes("SET ROLE " + role, "INSERT INTO shared.runs VALUES (22, 2)");
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

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

  @Test
  void aChildThatNamesItsParentInAnotherSpellingIsRefused() throws SQLException {
    database.execute(
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE TABLE shared.docs (name public.citext PRIMARY KEY, tenant_id text)",
        "CREATE TABLE shared.pages (doc public.citext NOT NULL REFERENCES shared.docs)",
        "INSERT INTO shared.docs VALUES ('abc', 'acme'), ('xyz', 'globex')");
    raise(fence);

    refused("INSERT INTO shared.pages VALUES ('Abc')");
    passes("INSERT INTO shared.pages VALUES ('XyZ')");
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

  @Test
  void aFenceThatSomebodyOpenedIsNoticed() throws SQLException {
    raise(fence);
    assertThat(missing()).isEmpty();

    database.execute(
        "ALTER TABLE shared.events_new DISABLE TRIGGER ALL",
        "ALTER TABLE shared.runs ENABLE TRIGGER ALL");

    assertThat(missing()).anyMatch(fault -> fault.contains("shared.events_new"));
    assertThat(missing()).anyMatch(fault -> fault.contains("shared.runs"));

    raise(fence);
    assertThat(missing()).isEmpty();
  }

  private static void awaitWaitingFor(String table, CancellableMonitor monitor) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> monitor.latest().doing().startsWith("waiting for %s,".formatted(table)));
  }

  private List<String> missing() throws SQLException {
    try (Connection connection = connections.open(database.spec(), migrationId, "test")) {
      return fence.missing(
          connection, context(), TenantCatalog.read(connection, context().request()));
    }
  }

  private void raise(WriteFence raised) {
    raised.raise(context(), ProgressMonitor.unmonitored());
  }

  private boolean release() {
    return fence.release(context()).stood();
  }

  private MigrationContext context() {
    return TestRequests.context(migrationId, TestRequests.request("acme", spec(), null, List.of()));
  }

  private PostgresSpec spec() {
    return new PostgresSpec(
        database.spec(),
        database.spec(),
        Isolation.ROWS,
        "shared",
        "public",
        "tenant_id",
        List.of("plans"),
        List.of(),
        1,
        List.of(),
        Map.of(),
        PostgresSpec.NobodysRows.REFUSE,
        PostgresSpec.ForeignReferences.REFUSE);
  }

  private void refused(String... statements) {
    ThrowingCallable write = () -> database.execute(statements);
    assertThatThrownBy(write)
        .as(statements[statements.length - 1])
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(READ_ONLY))
        .hasMessageContaining("is being moved or has moved");
  }

  private void passes(String... statements) {
    assertThatCode(() -> database.execute(statements))
        .as(statements[statements.length - 1])
        .doesNotThrowAnyException();
  }
}
