package com.matih.tenantmigration.activities.objectstorage.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObjectStoragePlannerIT {

  private final ObjectStoragePlanner planner = new ObjectStoragePlanner(TestBuckets.STORES);

  @Test
  void countsWhatWouldMoveAndChangesNothing() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "12345");
      TestBuckets.put(buckets.source(), "b", "678");

      PlanFindings plan = plan(buckets.context());

      assertThat(plan.stores().objectStorage()).isEqualTo(new StoresSummary.ObjectStorage(2, 8));
      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.warnings()).isEmpty();
      assertThat(buckets.target().look()).isEqualTo(ObjectStore.Occupancy.NO_BUCKET);
    }
  }

  @Test
  void moreBytesTakeLongerToCopy() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "12345");
      StoreEstimate small = estimate(buckets);
      for (int number = 0; number < 12; number++) {
        TestBuckets.put(buckets.source(), "large" + number, "x".repeat(3 << 20));
      }
      StoreEstimate large = estimate(buckets);

      assertThat(small.copySeconds()).isLessThan(3);
      assertThat(large.copySeconds()).isGreaterThan(small.copySeconds());
      assertThat(large.drainSeconds()).isPositive();
    }
  }

  @Test
  void theForecastUnderAThrottleIsNoLessThanTheThrottleAllows() {
    try (TestBuckets buckets = new TestBuckets()) {
      for (int i = 0; i < 40; i++) {
        TestBuckets.put(buckets.source(), "index-%02d".formatted(i), new byte[100]);
      }
      TestBuckets.put(buckets.source(), "video", new byte[2_000_000]);

      assertThat(estimate(ThrottledWork.bounded(buckets.context(), 100_000L)).copySeconds())
          .isBetween(20.0, 30.0);
    }
  }

  private StoreEstimate estimate(TestBuckets buckets) {
    return estimate(buckets.context());
  }

  private StoreEstimate estimate(MigrationContext context) {
    PlanFindings plan = plan(context);
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.estimates()).singleElement().extracting("unknown").isNull();
    return plan.estimates().get(0);
  }

  @Test
  void anEmptyPrefixBesideOneOfAnotherSpellingIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      ObjectStore source = buckets.source();
      var unused =
          source.call(
              "put",
              s3 ->
                  s3.putObject(
                      put -> put.bucket(source.bucket()).key("tenants/ACME/x"),
                      WholeObjectCopy.bodyOf(new byte[1])));

      assertThat(plan(buckets.context()).refusals())
          .singleElement()
          .satisfies(
              refusal ->
                  assertThat(refusal.reason())
                      .isEqualTo(
                          "There is no object below the source's prefix, but there are"
                              + " objects below tenants/ACME/, which differs from it only in its spelling."));
    }
  }

  @Test
  void anEmptyPrefixThatTheRequestAllowsIsNotRefusedBesideOneOfAnotherSpelling() {
    try (TestBuckets buckets = new TestBuckets()) {
      putAt(buckets.source(), "tenants/Acme/theirs");
      ObjectStorageSpec spec = buckets.spec();

      PlanFindings plan =
          plan(
              buckets.context(new ObjectStorageSpec(spec.source(), spec.target(), 4, true, false)));

      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.warnings())
          .singleElement()
          .satisfies(
              warning ->
                  assertThat(warning.message())
                      .contains("no object below", "below tenants/Acme/", "only in its spelling"));
    }
  }

  @Test
  void aNeighboursPrefixMayHoldControlCharacters() {
    try (TestBuckets buckets = new TestBuckets()) {
      putAt(buckets.source(), "tenants/a\u0001/theirs");

      assertThat(plan(buckets.context()).refusals())
          .extracting(Refusal::reason)
          .containsExactly(
              "There is no object below the source's prefix, so nothing would be moved.");
    }
  }

  @Test
  void aTargetWithASingleObjectIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      TestBuckets.createBucket(buckets.target());
      TestBuckets.put(buckets.target(), "somebody/elses", "1");

      assertThat(plan(buckets.context()).refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.store()).isEqualTo("objectStorage");
                assertThat(refusal.object()).isEqualTo(buckets.spec().target().uri());
                assertThat(refusal.reason()).endsWith("already contains objects.");
                assertThat(refusal.remedy()).isEqualTo("Name another bucket or prefix.");
              });
    }
  }

  @Test
  void whatLiesBesideTheTargetsPrefixIsNobodysBusiness() {
    try (TestBuckets buckets = new TestBuckets("acme/")) {
      TestBuckets.put(buckets.source(), "a", "1");
      TestBuckets.createBucket(buckets.target());
      var unused =
          buckets
              .target()
              .call(
                  "put",
                  s3 ->
                      s3.putObject(
                          put -> put.bucket(buckets.target().bucket()).key("acme-2/x"),
                          WholeObjectCopy.bodyOf(new byte[1])));

      assertThat(plan(buckets.context()).refusals()).isEmpty();
    }
  }

  @Test
  void bothSidesTroublesAreNamedAtOnce() {
    Location nowhere =
        new Location("http://127.0.0.1:1", "us-east-1", "any", "", "key", "a-secret-value");
    Location missing = TestBuckets.location(TestServers.s3(), "no-such-bucket", "tenants/acme/");
    try (TestBuckets buckets = new TestBuckets()) {
      PlanFindings plan = plan(buckets.context(new ObjectStorageSpec(missing, nowhere, 4)));

      assertThat(plan.refusals()).hasSize(2);
      assertThat(plan.stores().objectStorage()).as("numbers that nobody knows").isNull();
      assertThat(plan.refusals().get(0).reason()).contains("no-such-bucket does not exist");
      assertThat(plan.refusals().get(1))
          .isEqualTo(
              new Refusal(
                  "objectStorage",
                  "objectStorage.target",
                  "Could not look into s3://any/ at 127.0.0.1:1: the server cannot be reached or"
                      + " broke the connection.",
                  "Check the endpoint, that the server is running, and whether it expects http or"
                      + " https."));
      assertThat(plan.toString()).doesNotContain("a-secret-value");
    }
  }

  @Test
  void aTargetWithinTheSourceIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      Location source = buckets.spec().source();
      Location within =
          TestBuckets.location(TestServers.s3(), source.bucket(), source.prefix() + "dedicated/");

      assertThat(plan(buckets.context(new ObjectStorageSpec(source, within, 4))).refusals())
          .extracting(Refusal::reason)
          .containsExactly(
              "Source and target overlap in bucket %s of the same server."
                  .formatted(source.bucket()));
    }
  }

  @Test
  void aSnapshotAmongTheTenantsObjectsIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      String location = buckets.spec().source().uri() + "snapshots";

      List<Refusal> refusals = plan(buckets.context(buckets.spec(), location)).refusals();

      assertThat(refusals).extracting(Refusal::store).containsExactly("snapshot");
    }
  }

  @Test
  void aPrefixWithoutAnObjectIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      putAt(buckets.source(), "tenants/acme-corp/theirs");
      TestBuckets.put(buckets.source(), "", "");

      PlanFindings plan = plan(buckets.context());

      assertThat(plan.refusals())
          .containsExactly(
              new Refusal(
                  "objectStorage",
                  buckets.spec().source().uri(),
                  "There is no object below the source's prefix, so nothing would be moved.",
                  "Correct objectStorage.source.bucket or prefix, or write"
                      + " objectStorage.allowEmpty: true if the tenant has no objects."));
      assertThat(plan.warnings()).isEmpty();
    }
  }

  @Test
  void anEmptySourceAndUploadsInProgressAreToldOf() {
    try (TestBuckets buckets = new TestBuckets()) {
      ObjectCopierIT.beginUpload(buckets.source(), "unfinished");
      TestBuckets.put(buckets.source(), "", "");
      ObjectStorageSpec spec = buckets.spec();

      PlanFindings plan =
          plan(
              buckets.context(new ObjectStorageSpec(spec.source(), spec.target(), 4, true, false)));

      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.warnings()).hasSize(2);
      assertThat(plan.warnings().get(0).message()).contains("no object below");
      assertThat(plan.warnings().get(1).message())
          .contains("uploads in progress below the source's prefix (1)");
    }
  }

  @Test
  void aNameThatNoBucketCanHaveIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "1");
      Location target = TestBuckets.location(TestServers.dedicatedS3(), "acme..data", "");

      assertThat(
              plan(buckets.context(new ObjectStorageSpec(buckets.spec().source(), target, 4)))
                  .refusals())
          .hasSize(1);
    }
  }

  @Test
  void aServerThatListsInAnotherOrderIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      // S3Mock orders keys by UTF-16 code units, S3 by the bytes of UTF-8
      TestBuckets.put(buckets.source(), "😀", "1");
      TestBuckets.put(buckets.source(), "\uFFFD", "1");

      assertThat(plan(buckets.context()).refusals())
          .singleElement()
          .satisfies(refusal -> assertThat(refusal.reason()).contains("UTF-8"));
    }
  }

  private static void putAt(ObjectStore store, String key) {
    var unused =
        store.call(
            "put",
            s3 ->
                s3.putObject(
                    put -> put.bucket(store.bucket()).key(key),
                    WholeObjectCopy.bodyOf(new byte[1])));
  }

  private PlanFindings plan(MigrationContext context) {
    return planner.plan(context, ProgressMonitor.unmonitored());
  }
}
