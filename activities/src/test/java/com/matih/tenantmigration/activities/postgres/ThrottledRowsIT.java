package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of 4 MB under a throttle. */
class ThrottledRowsIT {

  private static final long RANGES = 1 << 19;

  /** What a moment is on a busy machine. */
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.events (id bigint PRIMARY KEY, tenant_id text, body text)",
        "INSERT INTO shared.events SELECT i, 'acme', repeat('x', 400) || i"
            + " FROM generate_series(1, 9600) i",
        "ANALYZE");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  private ThrottledWork copy(long bytesPerSecond) throws SQLException {
    lab.takeSnapshot();
    lab.createSchema();
    return ThrottledWork.begin(
        TestJournal.shared(),
        ThrottledWork.bounded(lab.context(), bytesPerSecond),
        StoreName.POSTGRES,
        monitor -> {
          var unused = lab.copyRows(RANGES, monitor);
        });
  }

  @Test
  void rangesThatAreCopiedSideBySideKeepToTheBound() throws Exception {
    assertThat(copy(1_000_000).await()).isGreaterThan(Duration.ofSeconds(3));

    assertThat(lab.target.query("SELECT count(*) FROM shared.events")).containsExactly("9600");
  }

  @Test
  void aRoundKeepsToTheBound() throws Exception {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGES);
    online.finish();
    lab.source.execute("UPDATE shared.events SET body = body || 'y'");

    Duration followed = throttled(online, monitor -> online.follow());

    assertThat(followed).isGreaterThan(Duration.ofSeconds(3));
    assertThat(lab.target.query("SELECT count(*) FROM public.events WHERE body LIKE '%y'"))
        .containsExactly("9600");
  }

  @Test
  void comparisonsKeepToTheBound() throws Exception {
    lab.source.execute(
        "CREATE TABLE shared.later (id bigint PRIMARY KEY, tenant_id text)",
        "INSERT INTO shared.later VALUES (1, 'acme')");
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGES);
    online.finish();

    assertThat(throttled(online, online::verify)).isGreaterThan(Duration.ofSeconds(3));

    online.raiseFence();
    online.drain();
    online.open();
    online.validateKeys();
    assertThat(
            throttled(
                online,
                monitor -> assertThat(online.compareFrozen(monitor).mismatchCount()).isZero()))
        .isGreaterThan(Duration.ofSeconds(3));
  }

  private static Duration throttled(OnlineLab online, ThrottledWork.Work work) throws Exception {
    return ThrottledWork.begin(
            TestJournal.shared(),
            ThrottledWork.bounded(online.context.whileTenantWorks(), 1_000_000L),
            StoreName.POSTGRES,
            work)
        .await();
  }

  @Test
  void aFollowerHoldsNoSnapshotWhileAReplicaIsBehindAndTellsHowOldTheDedicatedSideIs()
      throws Exception {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGES);
    online.finish();
    AtomicBoolean isBehind = new AtomicBoolean();
    Throttles throttles =
        new Throttles(
            TestJournal.shared(),
            (context, most) ->
                isBehind.get() ? Optional.of("waits for replica eu-2") : Optional.empty());
    CancellableMonitor told = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> following =
        CompletableFuture.runAsync(
            () ->
                throttles.read(
                    ThrottledWork.throttled(
                        online.context.whileTenantWorks(),
                        new ThrottleSpec(null, Duration.ofSeconds(5))),
                    StoreName.POSTGRES,
                    told,
                    online::followUntilStopped));
    await().atMost(SOON).until(() -> told.latest().followed().isPresent());

    isBehind.set(true);

    await().atMost(SOON).until(() -> told.latest().doing().contains("waits for replica eu-2"));
    lab.source.execute("UPDATE shared.events SET body = 'later' WHERE id = 7");
    await().atMost(SOON).until(() -> told.latest().followed().orElseThrow().lag().seconds() > 4);
    assertThat(
            lab.source.query(
                "SELECT pid FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND"
                    + " application_name LIKE 'tenant-migration %%%s%%'"
                        .formatted(online.context.migrationId())))
        .isEmpty();
    isBehind.set(false);
    await()
        .atMost(SOON)
        .until(
            () ->
                lab.target
                    .query("SELECT body FROM public.events WHERE id = 7")
                    .equals(List.of("later")));
    told.cancel();
    assertThatThrownBy(following::join).hasCauseInstanceOf(MigrationException.class);
  }

  @Test
  void aCopyThatWouldTakeHoursEndsSoonWhenTheBoundIsLifted() throws Exception {
    ThrottledWork copy = copy(100);
    Thread.sleep(2_000);
    assertThat(copy.isDone()).isFalse();

    copy.change(null);

    assertThat(copy.await()).isLessThan(Duration.ofSeconds(10));
    assertThat(lab.target.query("SELECT count(*) FROM shared.events")).containsExactly("9600");
  }
}
