package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.compare.PointObjectChecks;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Eight objects of half a megabyte under a throttle. */
class ThrottledObjectsIT {

  private static final int OBJECTS = 8;

  private final TestBuckets buckets = new TestBuckets();

  @BeforeEach
  void fill() {
    for (int i = 0; i < OBJECTS; i++) {
      TestBuckets.put(buckets.source(), "object-" + i, new byte[500_000]);
    }
    new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
        .provision(buckets.context(), ProgressMonitor.unmonitored());
  }

  @AfterEach
  void close() {
    buckets.close();
  }

  @Test
  void aCopyAndItsCheckKeepToTheBound() throws Exception {
    MigrationContext context = ThrottledWork.bounded(buckets.context(), 1_000_000L);
    ObjectCopier copier = new ObjectCopier(TestBuckets.STORES, TestBuckets.journal());
    PointObjectChecks checks = new PointObjectChecks(TestBuckets.STORES, TestBuckets.journal());

    Duration copied =
        ThrottledWork.begin(
                TestBuckets.journal(),
                context,
                StoreName.OBJECT_STORAGE,
                monitor -> {
                  var unused = copier.copy(context, monitor);
                })
            .await();
    Duration compared =
        ThrottledWork.begin(
                TestBuckets.journal(),
                context,
                StoreName.OBJECT_STORAGE,
                monitor ->
                    assertThat(checks.contents(context, monitor).comparedCount())
                        .isEqualTo(OBJECTS))
            .await();

    assertThat(copied).isGreaterThan(Duration.ofSeconds(3));
    assertThat(compared).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void objectsThatAreCopiedWhileTheTenantWorksKeepToTheBound() throws Exception {
    try (OnlineObjectsLab online = new OnlineObjectsLab()) {
      for (int i = 0; i < OBJECTS; i++) {
        TestBuckets.put(online.buckets.source(), "object-" + i, new byte[500_000]);
      }

      Duration copied =
          ThrottledWork.begin(
                  TestBuckets.journal(),
                  ThrottledWork.bounded(online.working, 1_000_000L),
                  StoreName.OBJECT_STORAGE,
                  monitor -> {
                    var unused = online.copy(monitor);
                  })
              .await();

      assertThat(copied).isGreaterThan(Duration.ofSeconds(3));
    }
  }
}
