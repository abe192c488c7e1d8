package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Counts the versions of objects that are not the current ones, which stay behind. A bucket whose
 * versioning was suspended still has those that it kept before.
 */
final class OldVersions {

  private static final Logger log = LoggerFactory.getLogger(OldVersions.class);

  /** A version that nobody deletes may be one of millions. */
  private static final int MOST_PAGES = 1000;

  private OldVersions() {}

  /**
   * Whether a bucket keeps versions.
   *
   * @param status as the bucket says; {@code null} where it never kept versions, or does not say
   * @param isHidden whether the key may not ask
   */
  record Versioning(@Nullable String status, boolean isHidden) {

    boolean isEnabled() {
      return "Enabled".equals(status);
    }
  }

  static void note(
      ObjectStore source, Versioning versioning, ProgressMonitor monitor, PlanNotes notes) {
    if (versioning.status() == null) {
      return;
    }
    long old = count(source, monitor);
    if (old != 0) {
      notes.leave(
          source.location().uri(),
          old,
          "The source's bucket keeps versions (versioning is %s); only the current version of each object moves, older versions and delete markers stay."
              .formatted(versioning.status()),
          "Copy versions that are still needed by hand: aws s3api list-object-versions shows them.");
    }
  }

  static Versioning versioning(ObjectStore store) {
    String attempted = "read the versioning of bucket " + store.bucket();
    try {
      return new Versioning(
          store
              .ask(attempted, s3 -> s3.getBucketVersioning(get -> get.bucket(store.bucket())))
              .statusAsString(),
          false);
    } catch (S3Exception e) {
      // nothing depends on it but what is told, and many keys lack this right
      log.info("could not tell whether bucket {} keeps versions", store.bucket(), e);
      return new Versioning(null, ObjectStorageFailures.isDenied(e));
    }
  }

  private static long count(ObjectStore source, ProgressMonitor monitor) {
    long old = 0;
    String keyMarker = null;
    String versionMarker = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      monitor.throwIfCancelled();
      String key = keyMarker;
      String version = versionMarker;
      ListObjectVersionsResponse answer;
      try {
        answer =
            source.call(
                "list the versions below " + source.location().uri(),
                s3 ->
                    s3.listObjectVersions(
                        list ->
                            list.bucket(source.bucket())
                                .prefix(source.prefix())
                                .encodingType(EncodingType.URL)
                                .keyMarker(key)
                                .versionIdMarker(version)));
      } catch (MigrationException e) {
        log.info("could not count the versions in bucket {}", source.bucket(), e);
        return LeftBehind.UNKNOWN;
      }
      old += answer.versions().stream().filter(each -> !each.isLatest()).count();
      old += answer.deleteMarkers().size();
      if (!Boolean.TRUE.equals(answer.isTruncated())) {
        return old;
      }
      keyMarker = answer.nextKeyMarker();
      versionMarker = answer.nextVersionIdMarker();
    }
    return LeftBehind.UNKNOWN;
  }
}
