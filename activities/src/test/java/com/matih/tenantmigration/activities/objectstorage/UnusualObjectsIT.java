package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.Type;

/** Objects as tools and people write them: each moves as it is, or the plan says what stays. */
final class UnusualObjectsIT {

  private final ObjectCopier copier = new ObjectCopier(TestBuckets.STORES, TestBuckets.journal());

  @Test
  void headersBeyondAsciiMoveAsTheyAre() {
    try (TestBuckets buckets = new TestBuckets()) {
      put(
          buckets,
          "umlauts",
          "content",
          put ->
              put.contentDisposition("attachment; filename=\"Übersicht Ä.pdf\"")
                  .metadata(Map.of("owner", "Jürgen Ähm", "place", "東京", "empty", "")));

      moveAll(buckets);

      HeadObjectResponse arrived = buckets.target().head("umlauts");
      assertThat(arrived.contentDisposition())
          .isEqualTo("attachment; filename=\"Übersicht Ä.pdf\"");
      assertThat(arrived.metadata())
          .containsEntry("owner", "Jürgen Ähm")
          .containsEntry("place", "東京");
    }
  }

  @Test
  void tagsWithoutAValueMove() {
    try (TestBuckets buckets = new TestBuckets()) {
      put(buckets, "old", "content", put -> {});
      buckets.source().putTags("tenants/acme/old", Map.of("archived", "", "class", "private"));

      moveAll(buckets);

      assertThat(buckets.target().tags("old"))
          .containsExactly(entry("archived", ""), entry("class", "private"));
    }
  }

  @Test
  void keysWithControlCharactersMove() {
    try (TestBuckets buckets = new TestBuckets()) {
      List<String> names = List.of("\u0001first", "back\bspace", "line\nend", "\u007f");
      names.forEach(name -> put(buckets, name, name, put -> {}));

      moveAll(buckets);

      assertThat(names).allMatch(name -> buckets.target().find(name).isPresent());
    }
  }

  @Test
  void compressedContentMovesCompressed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("a lot of text ".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    try (TestBuckets buckets = new TestBuckets()) {
      ObjectStore source = buckets.source();
      var unused =
          source.call(
              "put",
              s3 ->
                  s3.putObject(
                      put ->
                          put.bucket(source.bucket())
                              .key(source.prefix() + "log.gz")
                              .contentEncoding("gzip")
                              .contentType("text/plain; charset=utf-8"),
                      RequestBody.fromBytes(packed.toByteArray())));

      moveAll(buckets);

      assertThat(buckets.target().head("log.gz").contentEncoding()).isEqualTo("gzip");
      assertThat(TestBuckets.content(buckets.target(), "log.gz")).isEqualTo(packed.toByteArray());
    }
  }

  @Test
  void whatDoesNotMoveWithAnObjectIsListed() {
    try (TestBuckets buckets = new TestBuckets()) {
      put(buckets, "plain", "1", put -> {});
      put(buckets, "rare-1", "1", put -> put.storageClass(StorageClass.STANDARD_IA));
      put(buckets, "rare-2", "1", put -> put.storageClass(StorageClass.STANDARD_IA));
      put(buckets, "public", "1", put -> {});
      letEverybodyRead(buckets.source(), "public");
      put(buckets, "", "", put -> {});

      PlanFindings plan = plan(buckets);

      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.leftBehind())
          .extracting(left -> left.count() + " " + left.reason())
          .satisfiesExactlyInAnyOrder(
              left -> assertThat(left).startsWith("1 Its key is the prefix itself"),
              left -> assertThat(left).startsWith("1 Access lists (ACL)"));
      assertThat(plan.warnings())
          .singleElement()
          .satisfies(
              warning ->
                  assertThat(warning.message())
                      .startsWith(
                          "2 objects are in storage class STANDARD_IA. So will the copies"));
    }
  }

  @Test
  void olderVersionsAndDeleteMarkersAreCounted() {
    try (TestBuckets buckets = new TestBuckets()) {
      versioning(buckets.source(), BucketVersioningStatus.ENABLED);
      put(buckets, "changed", "1", put -> {});
      put(buckets, "changed", "2", put -> {});
      put(buckets, "changed", "3", put -> {});
      put(buckets, "deleted", "1", put -> {});
      delete(buckets.source(), "deleted");

      PlanFindings plan = plan(buckets);

      assertThat(plan.leftBehind())
          .singleElement()
          .satisfies(
              left -> {
                assertThat(left.count()).isEqualTo(4);
                assertThat(left.reason()).contains("versioning is Enabled");
              });
    }
  }

  @Test
  void anObjectThatIsListedAlthoughItWasDeletedIsRefusedUntilItsVersionsAreGone() {
    try (TestBuckets buckets = new TestBuckets()) {
      ObjectStore source = buckets.source();
      versioning(source, BucketVersioningStatus.ENABLED);
      put(buckets, "kept", "1", put -> {});
      put(buckets, "deleted", "1", put -> {});
      delete(source, "deleted");

      assertThat(plan(buckets).refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.object()).isEqualTo(source.uri("tenants/acme/deleted"));
                assertThat(refusal.reason()).contains("does not exist", "delete marker");
                assertThat(refusal.remedy()).contains("Delete its versions");
              });

      deleteVersions(source, "deleted");
      moveAll(buckets);
      assertThat(buckets.target().find("deleted")).isEmpty();
      assertThat(buckets.target().find("kept")).isPresent();
    }
  }

  private static void deleteVersions(ObjectStore store, String name) {
    String key = store.prefix() + name;
    var versions =
        store.call(
            "list versions",
            s3 -> s3.listObjectVersions(list -> list.bucket(store.bucket()).prefix(key)));
    Stream.concat(
            versions.versions().stream().map(ObjectVersion::versionId),
            versions.deleteMarkers().stream().map(DeleteMarkerEntry::versionId))
        .forEach(
            version -> {
              var unused =
                  store.call(
                      "delete a version",
                      s3 ->
                          s3.deleteObject(
                              each -> each.bucket(store.bucket()).key(key).versionId(version)));
            });
  }

  private void moveAll(TestBuckets buckets) {
    assertThat(plan(buckets).refusals()).isEmpty();
    ObjectCopierIT.provision(buckets);
    copier.copy(buckets.context(), ProgressMonitor.unmonitored());
    Finding finding =
        new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
            .compare(buckets.context(), ProgressMonitor.unmonitored());
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isPositive();
  }

  private static PlanFindings plan(TestBuckets buckets) {
    return new ObjectStoragePlanner(TestBuckets.STORES)
        .plan(buckets.context(), ProgressMonitor.unmonitored());
  }

  private static void put(
      TestBuckets buckets, String name, String content, Consumer<PutObjectRequest.Builder> with) {
    ObjectStore source = buckets.source();
    PutObjectRequest.Builder put =
        PutObjectRequest.builder().bucket(source.bucket()).key(source.prefix() + name);
    with.accept(put);
    var unused =
        source.call(
            "put " + name, s3 -> s3.putObject(put.build(), RequestBody.fromString(content)));
  }

  private static void letEverybodyRead(ObjectStore store, String name) {
    Owner owner = Owner.builder().id("owner").build();
    Grant own =
        Grant.builder()
            .grantee(grantee -> grantee.id("owner").type(Type.CANONICAL_USER))
            .permission(Permission.FULL_CONTROL)
            .build();
    Grant everybody =
        Grant.builder()
            .grantee(
                grantee ->
                    grantee.uri("http://acs.amazonaws.com/groups/global/AllUsers").type(Type.GROUP))
            .permission(Permission.READ)
            .build();
    var unused =
        store.call(
            "open " + name,
            s3 ->
                s3.putObjectAcl(
                    put ->
                        put.bucket(store.bucket())
                            .key(store.prefix() + name)
                            .accessControlPolicy(acl -> acl.owner(owner).grants(own, everybody))));
  }

  private static void versioning(ObjectStore store, BucketVersioningStatus status) {
    var unused =
        store.call(
            "set the versioning",
            s3 ->
                s3.putBucketVersioning(
                    put ->
                        put.bucket(store.bucket())
                            .versioningConfiguration(versioning -> versioning.status(status))));
  }

  private static void delete(ObjectStore store, String name) {
    var unused =
        store.call(
            "delete " + name,
            s3 ->
                s3.deleteObject(
                    delete -> delete.bucket(store.bucket()).key(store.prefix() + name)));
  }
}
