package com.matih.tenantmigration.activities.objectstorage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.BatchDelete;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.compare.BucketObjectPresence;
import com.matih.tenantmigration.activities.objectstorage.compare.ListingComparison;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageSourceQuiet;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageTenantLeak;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.verification.Check;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

final class ObjectChecksIT {

  private final Check count = new ListingComparison(TestBuckets.STORES)::compareCounts;
  private final Check size = new ListingComparison(TestBuckets.STORES)::compareSizes;
  private final Check checksum =
      new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())::compare;

  @Test
  void aFaithfulCopyPassesEveryCheck() {
    try (TestBuckets buckets = migrated()) {
      for (Check check : List.of(count, size, checksum)) {
        CheckResult result = run(check, buckets);
        assertThat(result.status()).isEqualTo(Status.PASSED);
        assertThat(result.compared()).isEqualTo(3);
      }
      assertThat(quiet(buckets).mismatchCount()).isZero();
      assertThat(quiet(buckets).comparedCount()).isEqualTo(3);
      assertThat(leaks(buckets).mismatchCount()).isZero();
      assertThat(leaks(buckets).comparedCount()).isEqualTo(3);
    }
  }

  @Test
  void twoObjectsOfEqualSizeThatAreSwappedAreFoundByTheirContentAlone() {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.target(), "a", "bbbb");
      TestBuckets.put(buckets.target(), "b", "aaaa");

      assertThat(run(count, buckets).status()).isEqualTo(Status.PASSED);
      assertThat(run(size, buckets).status()).isEqualTo(Status.PASSED);
      CheckResult result = run(checksum, buckets);
      assertThat(result.status()).isEqualTo(Status.FAILED);
      assertThat(result.mismatches())
          .hasSize(2)
          .anyMatch(mismatch -> mismatch.contains("/a: content"))
          .anyMatch(mismatch -> mismatch.contains("/b: content"));
    }
  }

  @Test
  void otherMetadataAndOtherTagsAreFound() {
    try (TestBuckets buckets = migrated()) {
      ObjectStore target = buckets.target();
      PutObjectRequest other =
          PutObjectRequest.builder()
              .bucket(target.bucket())
              .key("a")
              .contentType("text/plain")
              .metadata(Map.of("owner", "somebody"))
              .build();
      var unused =
          target.call(
              "put", s3 -> s3.putObject(other, WholeObjectCopy.bodyOf("aaaa".getBytes(UTF_8))));
      target.putTags("b", Map.of("class", "public"));

      CheckResult result = run(checksum, buckets);

      assertThat(result.mismatches())
          .anyMatch(mismatch -> mismatch.contains("/a: content-type, user metadata are not"))
          .anyMatch(mismatch -> mismatch.contains("/b: tags is not"));
    }
  }

  @Test
  void missingAndLongerAndForeignObjectsAreNamed() {
    try (TestBuckets buckets = migrated()) {
      new BatchDelete(buckets.target()).delete(List.of("a"));
      TestBuckets.put(buckets.target(), "b", "bbbbb");
      TestBuckets.put(buckets.target(), "globex/secret", "x");

      assertThat(run(count, buckets).mismatches())
          .hasSize(2)
          .anyMatch(mismatch -> mismatch.contains("tenants/acme/a (4 bytes) is missing"))
          .anyMatch(mismatch -> mismatch.contains("globex/secret"));
      assertThat(run(size, buckets).mismatches())
          .hasSize(3)
          .anyMatch(mismatch -> mismatch.contains("/b has 5"));
      assertThat(run(checksum, buckets).mismatches()).hasSize(3);
      assertThat(leaks(buckets).namedMismatches())
          .singleElement()
          .asString()
          .contains("globex/secret is not the tenant's");
    }
  }

  @Test
  void whatIsWrittenToTheSourceAfterTheCopyBeganIsNamed() {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.source(), "late", "x");
      TestBuckets.put(buckets.source(), "b", "bbbb");
      new BatchDelete(buckets.source()).delete(List.of("tenants/acme/a"));

      assertThat(quiet(buckets).namedMismatches())
          .hasSize(3)
          .anyMatch(write -> write.contains("tenants/acme/late was written"))
          .anyMatch(write -> write.contains("tenants/acme/b was written"))
          .anyMatch(write -> write.contains("/a no longer has a source"));
    }
  }

  @Test
  void emptySidesAreSkipped() {
    try (TestBuckets buckets = new TestBuckets()) {
      migrate(buckets);
      for (Check check : List.of(count, size, checksum)) {
        assertThat(run(check, buckets).status()).isEqualTo(Status.SKIPPED);
      }
      assertThat(quiet(buckets).isNotApplicable()).isTrue();
      assertThat(leaks(buckets).isNotApplicable()).isTrue();
    }
  }

  @Test
  void referencesToMissingObjectsAreFound() {
    try (TestBuckets buckets = migrated()) {
      assertThat(
              new BucketObjectPresence(TestBuckets.STORES)
                  .missing(
                      buckets.context(), Side.DEDICATED, List.of("a", "b", "nowhere", "large+ %")))
          .isEqualTo(Set.of("nowhere", "large+ %"));
    }
  }

  @Test
  void aReferenceFindsFoldersAndWhatItsKeyIsADecodedOrVersionedSpellingOf() {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.target(), "set/part-0", "x");
      TestBuckets.put(buckets.target(), "with space", "x");
      TestBuckets.put(buckets.target(), "50%20off", "x");

      assertThat(
              new BucketObjectPresence(TestBuckets.STORES)
                  .missing(
                      buckets.context(),
                      Side.DEDICATED,
                      List.of(
                          "",
                          "set/",
                          "set",
                          "with%20space",
                          "50%20off",
                          "a?versionId=3",
                          "se",
                          "with%20spice",
                          "not%zzencoded")))
          .isEqualTo(Set.of("se", "with%20spice", "not%zzencoded"));
    }
  }

  @Test
  void aReferenceFindsAFolderWhoseKeysHoldControlCharacters() {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.target(), "odd/\u0001", "x");

      assertThat(
              new BucketObjectPresence(TestBuckets.STORES)
                  .missing(buckets.context(), Side.DEDICATED, List.of("odd/", "even/")))
          .isEqualTo(Set.of("even/"));
    }
  }

  @Test
  void whatTheTenantWritesIntoItsCopyAfterTheCutoverIsNoLateWrite() throws Exception {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.target(), "of-the-tenant", "new");
      assertThat(lateWrites(buckets).namedMismatches()).isEmpty();

      Thread.sleep(1100); // a listing tells whole seconds
      TestBuckets.put(buckets.source(), "b", "late");

      assertThat(lateWrites(buckets).namedMismatches())
          .singleElement()
          .asString()
          .contains(buckets.source().bucket() + "/", "b was written at");
    }
  }

  @Test
  void whatIsDeletedOnTheSharedSideAfterTheCutoverIsCounted() {
    try (TestBuckets buckets = migrated()) {
      TestBuckets.put(buckets.target(), "of-the-tenant", "new");
      new BatchDelete(buckets.source()).delete(List.of("tenants/acme/b"));

      assertThat(lateWrites(buckets).namedMismatches())
          .singleElement()
          .asString()
          .contains("were 3 and 8, and are 2 and 4 now");
    }
  }

  private static Finding lateWrites(TestBuckets buckets) {
    return ObjectStorageSourceQuiet.afterCutover(TestBuckets.STORES, TestBuckets.journal())
        .findWrites(buckets.context(), ProgressMonitor.unmonitored());
  }

  private static CheckResult run(Check check, TestBuckets buckets) {
    return check
        .run(buckets.context(), ProgressMonitor.unmonitored())
        .toResult(CheckName.OBJECT_CHECKSUM);
  }

  private static Finding quiet(TestBuckets buckets) {
    return new ObjectStorageSourceQuiet(TestBuckets.STORES, TestBuckets.journal())
        .findWrites(buckets.context(), ProgressMonitor.unmonitored());
  }

  private static Finding leaks(TestBuckets buckets) {
    return new ObjectStorageTenantLeak(TestBuckets.STORES)
        .findForeign(buckets.context(), ProgressMonitor.unmonitored());
  }

  private static TestBuckets migrated() {
    TestBuckets buckets = new TestBuckets();
    TestBuckets.put(buckets.source(), "a", "aaaa");
    TestBuckets.put(buckets.source(), "b", "bbbb");
    TestBuckets.put(buckets.source(), "c", "");
    migrate(buckets);
    return buckets;
  }

  private static void migrate(TestBuckets buckets) {
    ObjectCopierIT.provision(buckets);
    var unused =
        new ObjectCopier(TestBuckets.STORES, TestBuckets.journal())
            .copy(buckets.context(), ProgressMonitor.unmonitored());
  }
}
