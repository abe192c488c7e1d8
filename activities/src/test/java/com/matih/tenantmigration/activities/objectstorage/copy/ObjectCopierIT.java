package com.matih.tenantmigration.activities.objectstorage.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.FrozenAfterTheFirstObject;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectListing;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.content.MemoryBudget;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectWriter;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

public final class ObjectCopierIT {

  private static final int MEBIBYTE = 1024 * 1024;

  private final ObjectCopier copier = new ObjectCopier(TestBuckets.STORES, TestBuckets.journal());

  @Test
  void everythingThatAnObjectCarriesArrives() {
    try (TestBuckets buckets = new TestBuckets()) {
      putRichObject(buckets, "report.csv");
      provision(buckets);

      StoresSummary copied = copier.copy(buckets.context(), ProgressMonitor.unmonitored());

      assertThat(copied.objectStorage()).isEqualTo(new StoresSummary.ObjectStorage(1, 7));
      HeadObjectResponse arrived = buckets.target().head("report.csv");
      assertThat(arrived.contentType()).isEqualTo("text/csv");
      assertThat(arrived.contentEncoding()).isEqualTo("identity");
      assertThat(arrived.contentLanguage()).isEqualTo("de");
      assertThat(arrived.contentDisposition()).isEqualTo("attachment; filename=\"a b.csv\"");
      assertThat(arrived.cacheControl()).isEqualTo("max-age=60");
      assertThat(arrived.expiresString()).isEqualTo("Thu, 01 Dec 2033 16:00:00 GMT");
      assertThat(arrived.metadata()).containsEntry("owner", "Ada").containsEntry("step-2", "x=1&y");
      assertThat(buckets.target().tags("report.csv"))
          .containsExactly(Map.entry("a b", "c+d"), Map.entry("class", "confidential"));
      assertThat(TestBuckets.content(buckets.target(), "report.csv"))
          .asString()
          .isEqualTo("a;b;c\r\n");
    }
  }

  @Test
  void keysAreCopiedAsTheyAre() {
    List<String> odd =
        List.of(
            " leading and trailing ",
            "100%",
            "a%20b",
            "a+b c&d=e?f#g",
            "dir/",
            "dir/.../deep",
            "grüße/日本語",
            "quote'\"<tag>;",
            "tilde~(1)!*",
            "😀 emoji");
    try (TestBuckets buckets = new TestBuckets("new/")) {
      odd.forEach(name -> TestBuckets.put(buckets.source(), name, "content of " + name));
      provision(buckets);

      StoresSummary.ObjectStorage copied =
          copier.copy(buckets.context(), ProgressMonitor.unmonitored()).objectStorage();

      assertThat(copied).isNotNull();
      assertThat(copied.objects()).isEqualTo(odd.size());
      assertThat(TestBuckets.keys(buckets.target()))
          .containsExactlyInAnyOrderElementsOf(odd.stream().map(name -> "new/" + name).toList());
      odd.forEach(
          name ->
              assertThat(TestBuckets.content(buckets.target(), "new/" + name))
                  .asString()
                  .isEqualTo("content of " + name));
      Finding finding =
          new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
              .compare(buckets.context(), ProgressMonitor.unmonitored());
      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.comparedCount()).isEqualTo(odd.size());
    }
  }

  @Test
  void neighboursOfTheTenantStay() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "mine", "1");
      TestBuckets.put(buckets.source(), "../acme-2/theirs", "2");
      putAt(buckets, "tenants/acme-2/theirs");
      putAt(buckets, "tenants/acme");
      putAt(buckets, "tenants/acmf/theirs");
      provision(buckets);

      copier.copy(buckets.context(), ProgressMonitor.unmonitored());

      assertThat(TestBuckets.keys(buckets.target()))
          .containsExactlyInAnyOrder("mine", "../acme-2/theirs");
    }
  }

  @Test
  void theMarkerOfTheFolderItselfIsNoObject() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "", "");
      TestBuckets.put(buckets.source(), "mine", "1");
      provision(buckets);

      StoresSummary copied = copier.copy(buckets.context(), ProgressMonitor.unmonitored());

      assertThat(copied.objectStorage()).isEqualTo(new StoresSummary.ObjectStorage(1, 1));
      assertThat(TestBuckets.keys(buckets.target())).containsExactly("mine");
    }
  }

  @Test
  void aLargeObjectTravelsInPartsAndArrivesWhole() {
    byte[] content = new byte[64 * MEBIBYTE + 12345];
    new Random(7).nextBytes(content);
    try (TestBuckets buckets = new TestBuckets()) {
      try (ObjectWriter writer =
          new ObjectWriter(
              TestBuckets.open(buckets.spec().source()),
              () -> TestBuckets.open(buckets.spec().source()),
              "tenants/acme/large.bin")) {
        writer.write(content, 0, content.length);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      buckets.source().putTags("tenants/acme/large.bin", Map.of("kind", "large"));
      provision(buckets);

      StoresSummary copied = copier.copy(buckets.context(), ProgressMonitor.unmonitored());

      assertThat(copied.objectStorage())
          .isEqualTo(new StoresSummary.ObjectStorage(1, content.length));
      HeadObjectResponse arrived = buckets.target().head("large.bin");
      assertThat(arrived.eTag())
          .isEqualTo(buckets.source().head("tenants/acme/large.bin").eTag())
          .endsWith("-9\"");
      assertThat(buckets.target().tags("large.bin")).containsEntry("kind", "large");
      assertThat(TestBuckets.content(buckets.target(), "large.bin")).isEqualTo(content);
    }
  }

  @Test
  void aCancelledCopyEndsAndTheNextOneGoesOnWhereItEnded() {
    try (TestBuckets buckets = new TestBuckets()) {
      for (int i = 0; i < 60; i++) {
        TestBuckets.put(buckets.source(), "object-%02d".formatted(i), "content " + i);
      }
      provision(buckets);
      ObjectStorageSpec oneByOne =
          new ObjectStorageSpec(buckets.spec().source(), buckets.spec().target(), 2);

      MigrationException stopped =
          catchThrowableOfType(
              MigrationException.class,
              () -> copier.copy(buckets.context(oneByOne), CancellableMonitor.cancellingAfter(20)));

      assertThat(stopped.type()).isEqualTo(FailureType.CANCELLED);
      Map<String, Instant> first = written(buckets);
      assertThat(first).hasSizeBetween(20, 40);

      StoresSummary.ObjectStorage copied =
          copier.copy(buckets.context(), ProgressMonitor.unmonitored()).objectStorage();

      assertThat(copied).isNotNull();
      assertThat(copied.objects()).isEqualTo(60);
      assertThat(written(buckets)).hasSize(60).containsAllEntriesOf(first);
      assertThat(
              new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
                  .compare(buckets.context(), ProgressMonitor.unmonitored())
                  .namedMismatches())
          .isEmpty();
    }
  }

  @Test
  void aSecondAttemptReplacesWhatIsNotAsOnTheSourceAndEndsTheUploadsOfTheFirst() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "right");
      provision(buckets);
      beginACopy(buckets);
      TestBuckets.put(buckets.target(), "a", "wrong");
      beginUpload(buckets.target(), "left-by-the-first");

      copier.copy(buckets.context(), ProgressMonitor.unmonitored());

      assertThat(TestBuckets.content(buckets.target(), "a")).asString().isEqualTo("right");
      assertThat(new UploadsInProgress(buckets.target()).ids()).isEmpty();
    }
  }

  private void beginACopy(TestBuckets buckets) {
    MigrationException stopped =
        catchThrowableOfType(
            MigrationException.class,
            () -> copier.copy(buckets.context(), CancellableMonitor.cancellingAfter(1)));
    assertThat(stopped.type()).isEqualTo(FailureType.CANCELLED);
  }

  @Test
  void aCopyThatIsWholeIsNotMadeAgain() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "old");
      provision(buckets);
      StoresSummary first = copier.copy(buckets.context(), ProgressMonitor.unmonitored());
      TestBuckets.put(buckets.target(), "a", "new");
      beginUpload(buckets.target(), "of-the-tenant");

      assertThat(copier.copy(buckets.context(), ProgressMonitor.unmonitored())).isEqualTo(first);

      assertThat(TestBuckets.content(buckets.target(), "a")).asString().isEqualTo("new");
      assertThat(new UploadsInProgress(buckets.target()).ids()).hasSize(1);
    }
  }

  @Test
  void aCopyThatThawsWhenTheBucketIsInServiceWritesNothingMore() {
    try (TestBuckets buckets = new TestBuckets("", 1)) {
      for (int i = 0; i < 20; i++) {
        TestBuckets.put(buckets.source(), "object-" + i, "old");
      }
      provision(buckets);

      MigrationException late =
          catchThrowableOfType(
              MigrationException.class,
              () ->
                  copier.copy(
                      buckets.context(),
                      new FrozenAfterTheFirstObject(() -> goIntoService(buckets))));

      assertThat(late.type()).isEqualTo(FailureType.STORE_ERROR);
      assertThat(TestBuckets.content(buckets.target(), "object-9")).asString().isEqualTo("new");
    }
  }

  private void goIntoService(TestBuckets buckets) {
    copier.copy(buckets.context(), ProgressMonitor.unmonitored());
    TestBuckets.put(buckets.target(), "object-9", "new");
    FrozenAfterTheFirstObject.standStill();
  }

  @Test
  void aCopyThatEndsInTheMiddleOfALargeObjectLeavesNothing() {
    try (TestBuckets buckets = new TestBuckets();
        TenantObjects objects =
            TestBuckets.STORES.openBoth(buckets.spec(), ProgressMonitor.unmonitored())) {
      TestBuckets.put(buckets.source(), "large", new byte[17 * MEBIBYTE]);
      provision(buckets);
      ObjectEntry listed = objects.listSource(ProgressMonitor.unmonitored()).next();
      try (OpenUploads uploads = new OpenUploads(objects.target())) {
        PartedObjectCopy copy =
            new PartedObjectCopy(objects, MemoryBudget.ofThisProcess(), uploads, listed);
        assertThat(copy.copyPart(1)).isFalse();
        assertThat(new UploadsInProgress(buckets.target()).ids()).hasSize(1);
      }

      assertThat(new UploadsInProgress(buckets.target()).ids()).isEmpty();
      assertThat(TestBuckets.keys(buckets.target())).isEmpty();
    }
  }

  @Test
  void aWriterWhoseUploadWasEndedMustNotGoOn() {
    try (TestBuckets buckets = new TestBuckets();
        TenantObjects objects =
            TestBuckets.STORES.openBoth(buckets.spec(), ProgressMonitor.unmonitored())) {
      TestBuckets.put(buckets.source(), "large", new byte[17 * MEBIBYTE]);
      provision(buckets);
      ObjectEntry listed = objects.listSource(ProgressMonitor.unmonitored()).next();
      try (OpenUploads uploads = new OpenUploads(objects.target())) {
        PartedObjectCopy copy =
            new PartedObjectCopy(objects, MemoryBudget.ofThisProcess(), uploads, listed);
        assertThat(copy.copyPart(0)).isFalse();
        assertThat(new UploadsInProgress(buckets.target()).abortAllBut(Set.of())).isEqualTo(1);

        MigrationException refused =
            catchThrowableOfType(MigrationException.class, () -> copy.copyPart(1));

        assertThat(refused.type()).isEqualTo(FailureType.WRITER_SUPERSEDED);
      }
    }
  }

  @Test
  void anObjectThatChangesWhileItIsCopiedIsRefused() {
    try (TestBuckets buckets = new TestBuckets();
        TenantObjects objects =
            TestBuckets.STORES.openBoth(buckets.spec(), ProgressMonitor.unmonitored())) {
      TestBuckets.put(buckets.source(), "moving", "before");
      provision(buckets);
      ObjectEntry listed = objects.listSource(ProgressMonitor.unmonitored()).next();
      TestBuckets.put(buckets.source(), "moving", "after!");
      WholeObjectCopy copy = new WholeObjectCopy(objects, MemoryBudget.ofThisProcess());

      MigrationException refused =
          catchThrowableOfType(MigrationException.class, () -> copy.copy(listed));

      assertThat(refused.type()).isEqualTo(FailureType.SOURCE_CHANGED);
      assertThat(refused).hasMessageContaining("tenants/acme/moving");
      assertThat(TestBuckets.keys(buckets.target())).isEmpty();
    }
  }

  @Test
  void aTargetThatFilledUpBeforeTheCopyBeganIsRefused() {
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "a", "mine");
      provision(buckets);
      TestBuckets.put(buckets.target(), "a", "theirs");

      MigrationException refused =
          catchThrowableOfType(
              MigrationException.class,
              () -> copier.copy(buckets.context(), ProgressMonitor.unmonitored()));

      assertThat(refused.type()).isEqualTo(FailureType.TARGET_NOT_EMPTY);
      assertThat(TestBuckets.content(buckets.target(), "a")).asString().isEqualTo("theirs");
    }
  }

  public static void provision(TestBuckets buckets) {
    new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
        .provision(buckets.context(), ProgressMonitor.unmonitored());
  }

  public static void beginUpload(ObjectStore store, String name) {
    var unused =
        store.call(
            "begin an upload",
            s3 ->
                s3.createMultipartUpload(
                    create -> create.bucket(store.bucket()).key(store.prefix() + name)));
  }

  private static void putAt(TestBuckets buckets, String key) {
    var unused =
        buckets
            .source()
            .call(
                "put",
                s3 ->
                    s3.putObject(
                        put -> put.bucket(buckets.source().bucket()).key(key),
                        RequestBody.fromString("x")));
  }

  private static void putRichObject(TestBuckets buckets, String name) {
    ObjectStore source = buckets.source();
    var unused =
        source.call(
            "put",
            s3 ->
                s3.putObject(
                    put ->
                        put.bucket(source.bucket())
                            .key(source.prefix() + name)
                            .contentType("text/csv")
                            .contentEncoding("identity")
                            .contentLanguage("de")
                            .contentDisposition("attachment; filename=\"a b.csv\"")
                            .cacheControl("max-age=60")
                            .expires(Instant.parse("2033-12-01T16:00:00Z"))
                            .metadata(Map.of("owner", "Ada", "step-2", "x=1&y")),
                    RequestBody.fromString("a;b;c\r\n")));
    source.putTags(source.prefix() + name, Map.of("class", "confidential", "a b", "c+d"));
  }

  private static Map<String, Instant> written(TestBuckets buckets) {
    Map<String, Instant> times = new HashMap<>();
    new ObjectListing(buckets.target(), ProgressMonitor.unmonitored())
        .forEachRemaining(object -> times.put(object.key(), object.lastModified()));
    return times;
  }
}
