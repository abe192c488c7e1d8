package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * The tag {@code tenant-migration} of a bucket, whose value is the id of the migration that created
 * it. Where the server knows no bucket tags (some take the request for another one), or the key
 * lacks the right to them, the intent alone tells whose bucket it is.
 */
public final class BucketMark {

  private static final Logger log = LoggerFactory.getLogger(BucketMark.class);
  private static final String TAG = "tenant-migration";

  private BucketMark() {}

  /** Tags the bucket; false where the tag is not there afterwards. */
  public static boolean set(ObjectStore store, String migrationId) {
    String attempted = "tag bucket " + store.bucket();
    try {
      var unused =
          store.ask(
              attempted,
              s3 ->
                  s3.putBucketTagging(
                      put ->
                          put.bucket(store.bucket())
                              .tagging(
                                  tags ->
                                      tags.tagSet(
                                          Tag.builder().key(TAG).value(migrationId).build()))));
    } catch (S3Exception e) {
      requireRefusal(attempted, e);
    }
    return of(store).equals(Optional.of(migrationId));
  }

  /** The migration that the bucket has the mark of. */
  public static Optional<String> of(ObjectStore store) {
    String attempted = "read the tags of bucket " + store.bucket();
    try {
      return store
          .ask(attempted, s3 -> s3.getBucketTagging(get -> get.bucket(store.bucket())))
          .tagSet()
          .stream()
          .filter(tag -> tag.key().equals(TAG))
          .flatMap(tag -> Stream.ofNullable(tag.value()))
          .findFirst();
    } catch (S3Exception e) {
      requireRefusal(attempted, e);
      return Optional.empty();
    }
  }

  /** Lets an answer pass that will be the same next time. */
  private static void requireRefusal(String attempted, S3Exception e) {
    MigrationException failure = ObjectStorageFailures.translate(attempted, e);
    if (failure.type().retryable()) {
      throw failure;
    }
    if (!ObjectStorageFailures.hasCode(e, "NoSuchTagSet")) {
      log.debug("no bucket tags: {}", failure.getMessage());
    }
  }
}
