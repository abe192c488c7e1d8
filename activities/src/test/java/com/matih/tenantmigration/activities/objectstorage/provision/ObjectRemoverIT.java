package com.matih.tenantmigration.activities.objectstorage.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.FrozenAfterTheFirstObject;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ObjectRemoverIT {

  private final TestGuard guard = TestGuard.permitting();
  private final ObjectRemover remover =
      new ObjectRemover(TestBuckets.STORES, TestBuckets.journal(), guard, Duration.ofMillis(200));

  @Test
  void theBucketThatTheMigrationCreatedGoesWithItsObjects() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a b+c", "1");
      TestBuckets.put(buckets.source(), "grüße", "2");
      migrate(buckets);
      ObjectCopierIT.beginUpload(buckets.target(), "by-a-late-writer");

      RollbackStep step = remove(buckets);

      assertThat(step.step()).isEqualTo("DELETE_OBJECTS");
      assertThat(step.status()).isEqualTo(Status.DONE);
      assertThat(step.message()).contains("Deleted 2 objects").contains("Deleted the bucket");
      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.NO_BUCKET);
      assertThat(TestBuckets.keys(buckets.source())).hasSize(2);
      assertThat(remove(buckets).status()).isEqualTo(Status.NOT_NEEDED);
    }
  }

  @Test
  void aKeyOfSomebodyElseMayHoldControlCharacters() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "mine", "1");
      migrate(buckets);
      TestBuckets.put(buckets.target(), "\u0001theirs", "2");

      assertThat(remove(buckets).message()).contains("it contains other objects, s3://");
    }
  }

  @Test
  void whatSomebodyElseWroteStaysAndIsReported() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "mine", "1");
      migrate(buckets);
      TestBuckets.put(buckets.target(), "theirs", "2");

      RollbackStep step = remove(buckets);

      assertThat(step.status()).isEqualTo(Status.DONE);
      assertThat(step.message())
          .contains("Deleted 1 object ")
          .contains("theirs")
          .contains("it contains other objects, s3://", "aws s3 rb s3://");
      assertThat(step.left()).hasSize(2).last().asString().contains("/theirs");
      assertThat(TestBuckets.keys(buckets.target())).containsExactly("theirs");
    }
  }

  @Test
  void aBucketThatWasThereBeforeIsEmptiedAndStaysWithItsUploads() {
    try (TestBuckets buckets = new TestBuckets("acme/")) {
      TestBuckets.createBucket(buckets.target());
      ObjectCopierIT.beginUpload(buckets.target(), "of-somebody-else");
      List<String> before = new UploadsInProgress(buckets.target()).ids();
      TestBuckets.put(buckets.source(), "mine", "1");
      migrate(buckets);

      RollbackStep step = remove(buckets);

      assertThat(step.status()).isEqualTo(Status.DONE);
      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.EMPTY);
      assertThat(new UploadsInProgress(buckets.target()).ids()).isEqualTo(before).hasSize(1);
    }
  }

  @Test
  void aMigrationThatWroteNothingDeletesNothing() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.createBucket(buckets.target());
      TestBuckets.put(buckets.source(), "a", "mine");
      ObjectCopierIT.provision(buckets);
      TestBuckets.put(buckets.target(), "a", "theirs");

      assertThat(remove(buckets).status()).isEqualTo(Status.NOT_NEEDED);
      assertThat(TestBuckets.content(buckets.target(), "a")).asString().isEqualTo("theirs");
    }
  }

  @Test
  void nothingOfALiveTenantIsDeletedNorIsAnUploadOfItAborted() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      migrate(buckets);
      guard.permit(0);

      assertLive(() -> remove(buckets));
      ObjectCopierIT.beginUpload(buckets.target(), "by-the-tenant");
      assertLive(() -> remove(buckets));

      assertThat(TestBuckets.keys(buckets.target())).containsExactly("a");
      assertThat(new UploadsInProgress(buckets.target()).ids()).hasSize(1);
    }
  }

  @Test
  void whatIsLeftStaysWhereTheTenantComesToLiveInTheMiddleOfADeletion() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      migrate(buckets);
      guard.permit(1);

      assertLive(() -> remove(buckets));

      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.EMPTY);
      assertThat(guard.asked()).hasSize(2).last().asString().startsWith("bucket ");
    }
  }

  /** One more than S3 deletes with one request. */
  @Test
  void eachPortionOfADeletionIsProvenAnew() {
    try (TestBuckets buckets = new TestBuckets()) {
      IntStream.range(0, 1001)
          .parallel()
          .forEach(i -> TestBuckets.put(buckets.source(), "object-" + i, ""));
      migrate(buckets);
      guard.permit(1);

      assertLive(() -> remove(buckets));

      assertThat(TestBuckets.keys(buckets.target())).hasSize(1);
    }
  }

  private static void assertLive(ThrowingCallable removal) {
    assertThatThrownBy(removal)
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TENANT_IS_LIVE);
  }

  @Test
  void provisioningTwiceIsProvisioningOnce() {
    try (TestBuckets buckets = new TestBuckets()) {
      ObjectCopierIT.provision(buckets);
      ObjectCopierIT.provision(buckets);

      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.EMPTY);
      assertThat(remove(buckets).message()).contains("Deleted the bucket");
    }
  }

  @Test
  void anAttemptThatComesAfterTheRollbackCreatesNoBucket() {
    try (TestBuckets buckets = new TestBuckets()) {
      assertThat(remove(buckets).status()).isEqualTo(Status.NOT_NEEDED);

      assertWorkHasEnded(() -> ObjectCopierIT.provision(buckets));

      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.NO_BUCKET);
    }
  }

  @Test
  void aCopyThatThawsAfterTheRollbackWritesNothingMore() {
    try (TestBuckets buckets = new TestBuckets("", 1)) {
      TestBuckets.createBucket(buckets.target());
      for (int i = 0; i < 20; i++) {
        TestBuckets.put(buckets.source(), "object-" + i, "content");
      }
      ObjectCopierIT.provision(buckets);

      assertWorkHasEnded(
          () -> copy(buckets, new FrozenAfterTheFirstObject(() -> rollBackMeanwhile(buckets))));
      assertWorkHasEnded(() -> copy(buckets, ProgressMonitor.unmonitored()));

      assertThat(TestBuckets.keys(buckets.target())).isEmpty();
    }
  }

  private void rollBackMeanwhile(TestBuckets buckets) {
    assertThat(remove(buckets).message()).contains("Deleted 1 object ");
    FrozenAfterTheFirstObject.standStill();
  }

  private static void assertWorkHasEnded(ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
  }

  private RollbackStep remove(TestBuckets buckets) {
    return remover.remove(buckets.context(), ProgressMonitor.unmonitored());
  }

  private static void migrate(TestBuckets buckets) {
    ObjectCopierIT.provision(buckets);
    copy(buckets, ProgressMonitor.unmonitored());
  }

  private static void copy(TestBuckets buckets, ProgressMonitor monitor) {
    var unused =
        new ObjectCopier(TestBuckets.STORES, TestBuckets.journal())
            .copy(buckets.context(), monitor);
  }
}
