package com.matih.tenantmigration.activities.objectstorage.follow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long an attempt waits for the requests of those before it. */
class EarlierRequestsIT {

  private final TestBuckets buckets = new TestBuckets();
  private final MigrationContext context =
      new MigrationContext(
          TestJournal.newMigrationId(),
          "tenant-migration-acme",
          "run",
          buckets.context().request());

  @AfterEach
  void close() {
    buckets.close();
  }

  @Test
  void theFirstAttemptWaitsForNobody() {
    assertThat(waitOf(requests())).isZero();
  }

  @Test
  void nobodyWaitsForAnAttemptWhoseRequestsWereAllAnswered() {
    EarlierRequests earlier = requests();
    assertThat(waitOf(earlier)).isZero();
    earlier.ended(true);

    assertThat(waitOf(requests())).isZero();
  }

  @Test
  void whoeverFollowsOneThatNeverEndedWaitsForAsLongAsItsLastRequestMayTake() {
    assertThat(waitOf(requests())).isZero();

    EarlierRequests later = requests();
    assertThat(waitOf(later)).isEqualTo(FollowSettings.STANDARD.unended());
    assertThat(waitOf(requests())).as("while the later one has not ended").isPositive();
    later.ended(true);
    assertThat(waitOf(requests())).as("the note of the last one stays").isPositive();
  }

  @Test
  void whoeverFollowsOneThatWasCutOffWaitsForTheRestOfSeconds() {
    EarlierRequests earlier = requests();
    assertThat(waitOf(earlier)).isZero();
    earlier.ended(false);

    assertThat(waitOf(requests()))
        .isPositive()
        .isLessThanOrEqualTo(FollowSettings.STANDARD.cutOff());
  }

  private EarlierRequests requests() {
    return new EarlierRequests(
        TestBuckets.journal(), context, Attempt.next(), FollowSettings.STANDARD);
  }

  private static Duration waitOf(EarlierRequests requests) {
    Waits waits = new Waits();
    requests.outlive(waits);
    return waits.length;
  }

  /** Waits in no time. */
  private static final class Waits implements ProgressMonitor {

    private Duration length = Duration.ZERO;

    @Override
    public void pause(Duration more) {
      length = length.plus(more);
    }

    @Override
    public void update(Progress progress) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }
}
