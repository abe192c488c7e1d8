package com.matih.tenantmigration.activities.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ThrottlesIT {

  /** In what time a change is promised to take effect. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private final MigrationJournal journal = TestJournal.shared();
  private final MigrationContext online =
      new MigrationContext(
          TestJournal.newMigrationId(),
          "tenant-migration-acme",
          "run",
          MigrationRequest.leftOut().in(Mode.ONLINE));
  private final MigrationContext working = online.whileTenantWorks();

  private ThrottledWork begin(MigrationContext context, ThrottledWork.Work work) {
    return ThrottledWork.begin(journal, context, StoreName.KAFKA, work);
  }

  @Test
  void readersSideBySideKeepToTheBoundTogether() throws Exception {
    MigrationContext context = ThrottledWork.bounded(working, 1_000_000L);

    Duration taken =
        begin(
                context,
                monitor -> {
                  List<Integer> items = IntStream.range(0, 40).boxed().toList();
                  WorkerPool.workThrough("read", 4, monitor, items, number -> new Reader());
                })
            .await();

    assertThat(taken).isBetween(Duration.ofMillis(3_800), Duration.ofSeconds(6));
  }

  private static final class Reader implements WorkerPool.Worker<Integer> {
    @Override
    public void work(Integer item) {
      WorkScope.current().readShared(100_000);
    }

    @Override
    public void close() {}
  }

  @Test
  void aBoundThatIsLiftedSetsReadersFreeSoonHoweverLongTheyWouldHaveWaited() throws Exception {
    ThrottledWork work =
        begin(
            ThrottledWork.bounded(working, 100L),
            monitor -> {
              for (int i = 0; i < 4; i++) {
                monitor.readShared(1 << 20);
              }
            });
    Thread.sleep(1_000);
    assertThat(work.isDone()).isFalse();

    work.change(null);

    assertThat(work.await()).isLessThan(SOON.plusSeconds(1));
  }

  @Test
  void aBoundThatIsSetHoldsWhatRunsAlreadyAndTheNextAttempt() throws Exception {
    ThrottledWork first =
        begin(
            working,
            monitor -> {
              await().atMost(SOON).until(monitor::isThrottled);
              monitor.readShared(200);
              monitor.readShared(200);
            });
    first.change(100L);
    assertThat(first.await()).isGreaterThan(Duration.ofMillis(1_900));

    Duration next =
        begin(
                working,
                monitor -> {
                  monitor.readShared(200);
                  monitor.readShared(1);
                })
            .await();

    assertThat(next).isGreaterThan(Duration.ofMillis(1_900));
  }

  @Test
  void eachStoreHasTheBoundForItself() throws Exception {
    MigrationContext context = ThrottledWork.bounded(working, 1_000L);
    ThrottledWork slow =
        begin(
            context,
            monitor -> {
              monitor.readShared(3_000);
              monitor.readShared(1);
            });

    ThrottledWork other =
        ThrottledWork.begin(
            journal, context, StoreName.ELASTICSEARCH, monitor -> monitor.readShared(3_000));

    assertThat(other.await()).isLessThan(Duration.ofSeconds(2));
    assertThat(slow.await()).isGreaterThan(Duration.ofMillis(2_900));
  }

  @Test
  void aReadOnlyTenantIsNotHeldUpButOffline() throws Exception {
    ThrottledWork.Work work =
        monitor -> {
          monitor.readShared(3_000);
          monitor.readShared(1);
        };

    assertThat(begin(ThrottledWork.bounded(online, 1_000L), work).await())
        .isLessThan(Duration.ofSeconds(2));
    MigrationContext offline =
        new MigrationContext(
            online.migrationId(), "w", "r", MigrationRequest.leftOut().in(Mode.OFFLINE));
    assertThat(begin(ThrottledWork.bounded(offline, 1_000L), work).await())
        .isGreaterThan(Duration.ofMillis(2_900));
  }

  @Test
  void aWaitIsNoSilenceAndIsTold() throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    ThrottledWork work =
        ThrottledWork.begin(
            journal,
            ThrottledWork.bounded(working, 100_000L),
            StoreName.KAFKA,
            monitor,
            throttled -> {
              throttled.update(new Progress(1, 2, "records", "events"));
              for (int i = 0; i < 8; i++) {
                throttled.readShared(100_000);
              }
            });

    await().atMost(Duration.ofSeconds(8)).until(() -> monitor.latest().doing().contains("held"));
    assertThat(monitor.latest())
        .isEqualTo(new Progress(1, 2, "records", "events, held to 100KB/s by the throttle"));
    assertThat(monitor.moves()).isGreaterThan(4);
    work.change(null);
    var unused = work.await();
  }

  @Test
  void whatExpiresIsRenewedDuringAWait() throws Exception {
    AtomicInteger renewals = new AtomicInteger();

    var unused =
        begin(
                ThrottledWork.bounded(working, 1_000L),
                monitor -> {
                  monitor.readShared(3_000);
                  monitor.readShared(1, Duration.ofSeconds(1), renewals::incrementAndGet);
                })
            .await();

    assertThat(renewals.get()).isBetween(1, 3);
  }

  @Test
  void aCancelEndsAWaitAtOnce() throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    ThrottledWork work =
        ThrottledWork.begin(
            journal,
            ThrottledWork.bounded(working, 1L),
            StoreName.KAFKA,
            monitor,
            throttled -> {
              throttled.readShared(1_000);
              throttled.readShared(1);
            });
    Thread.sleep(300);

    monitor.cancel();

    assertThatThrownBy(work::await)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("cancelled");
    assertThat(monitor.millisSinceCancel()).isLessThan(1_000);
  }
}
