package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import org.junit.jupiter.api.Test;

/** An attempt at a copy that a later one overtakes, and that goes on all the same. */
class LateObjectCopyIT {

  private final ObjectCopier copier = new ObjectCopier(TestBuckets.STORES, TestBuckets.journal());

  @Test
  void anEarlierAttemptThatBeginsLastEndsNoUploadOfTheLaterOne() {
    try (TestBuckets buckets = new TestBuckets("", 1)) {
      fill(buckets);
      Attempt earlier = Attempt.next();

      copier.copy(
          buckets.context(),
          new FrozenAfterTheFirstObject(
              () -> {
                ObjectCopierIT.beginUpload(buckets.target(), "of-the-later-one");
                assertThatThrownBy(
                        () -> copier.copy(buckets.context(), CancellableMonitor.of(earlier)))
                    .isInstanceOf(MigrationException.class)
                    .extracting("type")
                    .isEqualTo(FailureType.WRITER_SUPERSEDED);
              }));

      assertThat(new UploadsInProgress(buckets.target()).ids()).hasSize(1);
      assertExact(buckets);
    }
  }

  @Test
  void anAttemptThatStoodStillStopsWhenALaterOneHasBegun() {
    try (TestBuckets buckets = new TestBuckets("", 1)) {
      fill(buckets);

      assertThatThrownBy(
              () ->
                  copier.copy(
                      buckets.context(),
                      new FrozenAfterTheFirstObject(
                          () -> {
                            assertThatThrownBy(
                                    () ->
                                        copier.copy(
                                            buckets.context(),
                                            CancellableMonitor.cancellingAfter(3)))
                                .isInstanceOf(MigrationException.class);
                            FrozenAfterTheFirstObject.standStill();
                          })))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.WRITER_SUPERSEDED);

      copier.copy(buckets.context(), ProgressMonitor.unmonitored());
      assertExact(buckets);
    }
  }

  private static void fill(TestBuckets buckets) {
    for (int i = 0; i < 20; i++) {
      TestBuckets.put(buckets.source(), "object-%02d".formatted(i), "content " + i);
    }
    ObjectCopierIT.provision(buckets);
  }

  private static void assertExact(TestBuckets buckets) {
    assertThat(
            new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
                .compare(buckets.context(), ProgressMonitor.unmonitored())
                .namedMismatches())
        .isEmpty();
  }
}
