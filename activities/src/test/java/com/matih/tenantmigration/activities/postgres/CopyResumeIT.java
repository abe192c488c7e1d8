package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.copy.ChunkPlanner;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attempt at copying that ends early, overlaps another, or finds the source's table moved. */
class CopyResumeIT {

  private static final long SMALL_RANGES = 1 << 19;
  private static final TableName EVENTS = new TableName("shared", "events");

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.events (id bigint PRIMARY KEY, tenant_id text, body text)",
        "INSERT INTO shared.events SELECT i, CASE WHEN i % 4 = 0 THEN 'globex' ELSE 'acme' END,"
            + " repeat('x', 150) || i FROM generate_series(1, 40000) i",
        "ANALYZE");
    lab.takeSnapshot();
    lab.createSchema();
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void aCancelledCopyStopsSoonAndTheNextAttemptGoesOnWithoutALostOrDoubledRow()
      throws SQLException {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(8_000);
    assertThatThrownBy(() -> lab.copyRows(SMALL_RANGES, monitor))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CANCELLED));
    assertThat(monitor.millisSinceCancel()).isLessThan(CancellableMonitor.SOON_MILLIS);
    long arrivedBefore = arrivedRanges();

    CancellableMonitor resumed = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    assertThat(lab.copyRows(SMALL_RANGES, resumed).tables())
        .singleElement()
        .satisfies(table -> assertThat(table.rows()).isEqualTo(30_000));

    assertThat(resumed.latest().total())
        .as("the total that is shown after a pause")
        .isEqualTo(Math.max(monitor.latest().total(), resumed.latest().done()));
    assertThat(arrivedBefore).isBetween(1L, arrivedRanges() - 1);
    assertThat(copiedRows()).isEqualTo(lab.sourceRows("events"));
    assertThat(ledger("SELECT count(DISTINCT epoch) FROM tenant_migration.chunk"))
        .as("ranges of both attempts")
        .isEqualTo("2");
  }

  @Test
  void noMoreRowsAreToldOfThanThereAre() throws SQLException {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(30_001);

    lab.copyRows(SMALL_RANGES, monitor);

    assertThat(monitor.isCancelled()).isFalse();
    assertThat(monitor.latest().done()).isGreaterThan(20_000);
  }

  @Test
  void anAttemptThatWasOvertakenCommitsNothingMore() throws Exception {
    HeldBackStorage storage = new HeldBackStorage(lab.snapshot);
    ExecutorService overtaken = Executors.newSingleThreadExecutor();
    try {
      Future<?> first = overtaken.submit(() -> copyInto(storage));
      assertThat(storage.awaitReached()).isTrue();
      // the later attempt takes over and copies all; only then the earlier one goes on
      lab.copyRows();
      String after = ledger("SELECT string_agg(part, ',') FROM tenant_migration.chunk");
      storage.letGo();

      assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(MigrationException.class);
      assertThat(ledger("SELECT string_agg(part, ',') FROM tenant_migration.chunk"))
          .isEqualTo(after);
      assertThat(copiedRows()).isEqualTo(lab.sourceRows("events"));
    } finally {
      storage.letGo();
      overtaken.shutdownNow();
    }
  }

  @Test
  void aTableThatWasRewrittenIsCopiedAgainFromItsStart() throws SQLException {
    assertThatThrownBy(() -> lab.copyRows(SMALL_RANGES, CancellableMonitor.cancellingAfter(8_000)))
        .isInstanceOf(MigrationException.class);
    assertThat(arrivedRanges()).isPositive();
    lab.source.execute(
        "DELETE FROM shared.events WHERE tenant_id = 'globex'", "VACUUM FULL shared.events");

    lab.copyRows(SMALL_RANGES, ProgressMonitor.unmonitored());

    assertThat(copiedRows()).isEqualTo(lab.sourceRows("events")).startsWith("30000 ");
    assertThat(ledger("SELECT count(DISTINCT epoch) FROM tenant_migration.chunk"))
        .as("ranges of the last attempt alone")
        .isEqualTo("1");
  }

  @Test
  void indexesThatAnInterruptedAttemptBuiltAreCompletedAndNotInTheWay() throws SQLException {
    lab.copyRows();
    // what an attempt leaves that ended in the middle of its indexes
    lab.target.execute(
        "INSERT INTO tenant_migration.step (name, detail) VALUES ('post-data begun', '')",
        "DELETE FROM tenant_migration.step WHERE name LIKE 'index %'");
    assertThat(lab.target.query("SELECT indexname FROM pg_indexes WHERE schemaname = 'shared'"))
        .containsExactly("events_pkey");

    lab.finish();

    assertThat(lab.target.query("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"))
        .containsExactly("events_pkey");
  }

  @Test
  void aSchemaThatWasHalfCreatedIsCreatedAnew() throws SQLException {
    lab.target.execute(
        "DELETE FROM tenant_migration.step WHERE name = 'schema'",
        "ALTER TABLE shared.events DROP COLUMN body");

    lab.createSchema();
    lab.copyRows();

    assertThat(copiedRows()).isEqualTo(lab.sourceRows("events"));
  }

  private void copyInto(SnapshotStorage storage) {
    try {
      lab.copyRows(storage, ChunkPlanner.RANGE_BYTES, ProgressMonitor.unmonitored());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String copiedRows() throws SQLException {
    return CopyLab.rows(lab.target, EVENTS, "true");
  }

  private long arrivedRanges() throws SQLException {
    return Long.parseLong(
        ledger("SELECT count(*) FROM tenant_migration.chunk WHERE epoch IS NOT NULL"));
  }

  private String ledger(String sql) throws SQLException {
    return lab.target.query(sql).get(0);
  }
}
