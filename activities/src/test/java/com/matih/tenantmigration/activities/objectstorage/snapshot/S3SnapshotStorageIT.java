package com.matih.tenantmigration.activities.objectstorage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class S3SnapshotStorageIT {

  @Test
  void aFileIsThereWholeOnceItsStreamIsClosed() throws IOException {
    try (TestBuckets buckets = new TestBuckets()) {
      SnapshotStorage storage = storage(buckets);
      OutputStream file = storage.write("rows/public.queries/part-1");
      file.write("first half, ".getBytes(StandardCharsets.UTF_8));
      assertThat(storage.exists("rows/public.queries/part-1")).isFalse();
      file.write("second half".getBytes(StandardCharsets.UTF_8));
      file.close();

      assertThat(storage.exists("rows/public.queries/part-1")).isTrue();
      assertThat(read(storage, "rows/public.queries/part-1"))
          .asString()
          .isEqualTo("first half, second half");
      assertThat(storage.location())
          .isEqualTo(
              "s3://snapshots-%s/before/acme/%s"
                  .formatted(buckets.source().bucket(), buckets.context().migrationId()));
    }
  }

  @Test
  void aLargeFileTravelsInParts() throws IOException {
    byte[] content = new byte[20 * 1024 * 1024 + 1];
    new Random(3).nextBytes(content);
    try (TestBuckets buckets = new TestBuckets()) {
      SnapshotStorage storage = storage(buckets);
      try (OutputStream file = storage.write("archive")) {
        file.write(content, 0, 5);
        file.write(content, 5, content.length - 6);
        file.write(content[content.length - 1]);
      }

      assertThat(read(storage, "archive")).isEqualTo(content);
    }
  }

  @Test
  void aLaterFileTakesThePlaceOfAnEarlierOne() throws IOException {
    try (TestBuckets buckets = new TestBuckets()) {
      SnapshotStorage storage = storage(buckets);
      for (String content : new String[] {"earlier", ""}) {
        try (OutputStream file = storage.write("manifest.json")) {
          file.write(content.getBytes(StandardCharsets.UTF_8));
        }
      }

      assertThat(read(storage, "manifest.json")).isEmpty();
    }
  }

  @Test
  void aBucketThatDoesNotExistIsNamed() {
    try (TestBuckets buckets = new TestBuckets()) {
      SnapshotStorage storage =
          new S3SnapshotStorage.Provider(TestBuckets.STORES)
              .forMigration(buckets.context(buckets.spec(), "s3://no-such-bucket/x"));

      MigrationException refused =
          catchThrowableOfType(MigrationException.class, () -> storage.write("a").close());

      assertThat(refused.type()).isEqualTo(FailureType.BAD_REQUEST);
      assertThat(refused).hasMessageContaining("s3://no-such-bucket/x/acme/");
    }
  }

  private static SnapshotStorage storage(TestBuckets buckets) {
    String bucket = "snapshots-" + buckets.source().bucket();
    try (ObjectStore store = TestBuckets.open(TestBuckets.location(TestServers.s3(), bucket, ""))) {
      TestBuckets.createBucket(store);
    }
    return new S3SnapshotStorage.Provider(TestBuckets.STORES)
        .forMigration(buckets.context(buckets.spec(), "s3://" + bucket + "/before"));
  }

  private static byte[] read(SnapshotStorage storage, String name) throws IOException {
    try (InputStream file = storage.read(name)) {
      return file.readAllBytes();
    }
  }
}
