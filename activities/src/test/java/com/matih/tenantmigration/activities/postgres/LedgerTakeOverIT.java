package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.copy.ChunkPlanner;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of two attempts the later one writes, in whichever order they take over. */
@Timeout(value = 120)
class LedgerTakeOverIT {

  private static final TableName EVENTS = new TableName("shared", "events");

  @TempDir Path folder;
  private final Attempt earlier = Attempt.next();
  private final Attempt later = Attempt.next();
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.events (id bigint PRIMARY KEY, tenant_id text, body text)",
        "INSERT INTO shared.events SELECT i, CASE WHEN i % 4 = 0 THEN 'globex' ELSE 'acme' END,"
            + " repeat('x', 150) || i FROM generate_series(1, 20000) i",
        "ANALYZE");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void aWriterOfAnEarlierAttemptIsRefusedByItsOwnTransaction() throws SQLException {
    long old = Ledger.takeOver(lab.targetAccess(), earlier);
    Ledger.takeOver(lab.targetAccess(), later);

    try (Connection connection = lab.target.connect()) {
      connection.setAutoCommit(false);
      assertSuperseded(() -> Ledger.requireCurrent(connection, old));
    }
  }

  @Test
  void takingOverEndsTheSessionsOfTheEarlierAttempt() throws SQLException {
    DatabaseAccess target = lab.targetAccess();
    long old = Ledger.takeOver(target, earlier);
    try (Connection writer = target.openForWrites(Ledger.writing(old, "copy 1"))) {
      Ledger.takeOver(target, later);

      assertThatThrownBy(() -> TestDatabase.query(writer, "SELECT 1"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void anEarlierAttemptThatTakesOverLastIsRefusedAndEndsNoSession() throws SQLException {
    DatabaseAccess target = lab.targetAccess();
    long epoch = Ledger.takeOver(target, later);
    try (Connection writer = target.openForWrites(Ledger.writing(epoch, "copy 1"))) {
      assertSuperseded(() -> Ledger.takeOver(target, earlier));

      writer.setAutoCommit(false);
      Ledger.requireCurrent(writer, epoch);
      writer.commit();
    }
  }

  @Test
  void anAttemptThatIsAskedTwiceStaysTheSame() {
    long epoch = Ledger.takeOver(lab.targetAccess(), later);

    assertThat(Ledger.takeOver(lab.targetAccess(), later)).isEqualTo(epoch);
  }

  @Test
  void anEarlierAttemptThatIsStuckBeforeItsCommitDoesNotHoldUpTheLaterOne() throws SQLException {
    DatabaseAccess target = lab.targetAccess();
    long old = Ledger.takeOver(target, earlier);
    try (Connection stuck = target.openForWrites(Ledger.writing(old, "copy 1"))) {
      stuck.setAutoCommit(false);
      Ledger.requireCurrent(stuck, old);

      CompletableFuture<Long> taken =
          CompletableFuture.supplyAsync(() -> Ledger.takeOver(target, later));

      assertThat(taken).succeedsWithin(Duration.ofSeconds(20));
      assertThatThrownBy(stuck::commit).isInstanceOf(SQLException.class);
    }
  }

  /** The later attempt stands still in its first range while the earlier one resumes. */
  @Test
  void aFrozenCopyThatResumesDoesNotDisturbTheOneThatTookItsPlace() throws Exception {
    lab.takeSnapshot();
    lab.createSchema();
    Attempt frozen = Attempt.next();
    Attempt current = Attempt.next();
    HeldBackStorage storage = new HeldBackStorage(lab.snapshot);
    try {
      CompletableFuture<Void> copy =
          CompletableFuture.runAsync(() -> copyRows(storage, CancellableMonitor.of(current)));
      assertThat(storage.awaitReached()).isTrue();

      assertSuperseded(() -> copyRows(lab.snapshot, CancellableMonitor.of(frozen)));

      storage.letGo();
      copy.get(60, TimeUnit.SECONDS);
      assertThat(CopyLab.rows(lab.target, EVENTS, "true")).isEqualTo(lab.sourceRows("events"));
    } finally {
      storage.letGo();
    }
  }

  private void copyRows(SnapshotStorage storage, CancellableMonitor monitor) {
    try {
      lab.copyRows(storage, ChunkPlanner.RANGE_BYTES, monitor);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertSuperseded(ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.WRITER_SUPERSEDED));
  }
}
