package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.workload.objects.ObjectChange;
import com.matih.tenantmigration.embedded.workload.objects.ObjectJudge;
import com.matih.tenantmigration.embedded.workload.objects.ObjectWorkload;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tenant that writes objects in all kinds of ways until it is stopped, at the end of its move.
 */
@Order(1) // it takes long
class OnlineObjectsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int WRITERS = 4;
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** As many as the system property {@code online.seeds} says, for those who want to explore. */
  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("online.seeds", 3)).map(number -> 7 + number);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void objectsArriveWholeAndTheNeighboursStay(int seed) throws Exception {
    try (OnlineObjectsLab lab = new OnlineObjectsLab()) {
      ObjectWorkload globex =
          ObjectWorkload.start(lab.neighbours(), seed + 100, 1, Duration.ofMillis(50));
      ObjectWorkload acme = ObjectWorkload.start(lab.shared(), seed, WRITERS, PAUSE);
      acme.awaitAcknowledged(300, PATIENCE);

      StoresSummary copied = lab.copy(ProgressMonitor.unmonitored());
      assertThat(copied.objectStorage()).isNotNull();
      assertThat(copied.objectStorage().objects()).isPositive();
      CancellableMonitor caughtUp = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
      lab.catchUp(caughtUp);
      caughtUp.assertForecastIsOfWhatWasSeen();
      acme.awaitAcknowledged(50, PATIENCE);
      assertNothingFound(lab, true);
      followUntilStopped(lab, acme);
      globex.awaitAcknowledged(10, PATIENCE);
      acme.close();
      Drained drained = lab.drain();
      globex.close();

      assertThat(drained.checks())
          .allSatisfy(check -> assertThat(check.status()).isEqualTo(CheckResult.Status.PASSED));
      assertThat(drained.stores().objectStorage()).isNotNull();
      assertThat(ObjectJudge.acknowledged(acme.journal(), lab.shared())).isEmpty();
      assertThat(ObjectJudge.acknowledged(acme.journal(), lab.dedicated())).isEmpty();
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
      assertThat(ObjectJudge.acknowledged(globex.journal(), lab.neighbours())).isEmpty();
      assertThat(TestBuckets.keys(lab.buckets.target()))
          .hasSize((int) drained.stores().objectStorage().objects());
      assertNothingFound(lab, false);
      assertThat(lab.lateWrites().mismatchCount()).isZero();
      assertThat(lab.drain()).as("the answer of another attempt").isEqualTo(drained);
      assertThat(acme.journal().acknowledged().keySet()).contains(ObjectChange.LATE_UPLOAD);
    }
  }

  /** Follows in the background for some hundred changes, then cancels, which ends it in time. */
  private static void followUntilStopped(OnlineObjectsLab lab, ObjectWorkload acme)
      throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<FailureType> following =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                lab.follower.follow(lab.working, Following.UNTIL_STOPPED, monitor);
                throw new IllegalStateException("ended by itself");
              } catch (MigrationException e) {
                return e.type();
              }
            });
    acme.awaitAcknowledged(200, PATIENCE);
    monitor.cancel();
    assertThat(following.get()).isEqualTo(FailureType.CANCELLED);
    assertThat(monitor.millisSinceCancel()).isLessThan(CancellableMonitor.SOON_MILLIS);
  }

  private static void assertNothingFound(OnlineObjectsLab lab, boolean tenantWorks) {
    lab.check(tenantWorks ? lab.working : lab.context)
        .forEach(
            (what, finding) -> {
              assertThat(finding.namedMismatches()).as(what).isEmpty();
              assertThat(finding).extracting(Finding::isNotApplicable).isEqualTo(false);
              assertThat(finding.comparedCount()).as(what).isPositive();
            });
  }
}
