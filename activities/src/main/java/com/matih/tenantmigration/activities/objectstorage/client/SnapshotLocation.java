package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import org.jspecify.annotations.Nullable;

/** Reads a snapshot location of the form {@code s3://bucket/prefix}. */
public final class SnapshotLocation {

  private static final String SCHEME = "s3://";

  private SnapshotLocation() {}

  static boolean isInBucket(String location) {
    return location.startsWith(SCHEME);
  }

  /**
   * The folder, with a delimiter at its end, on the source's server and with its credentials;
   * {@code null} for a location that is not in a bucket.
   */
  public static @Nullable Location of(String location, Location source) {
    if (!isInBucket(location)) {
      return null;
    }
    String path = location.substring(SCHEME.length());
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    String prefix = slash < 0 ? "" : path.substring(slash + 1);
    if (!prefix.isEmpty() && !prefix.endsWith("/")) {
      prefix += "/";
    }
    return new Location(
        source.endpoint(),
        source.region(),
        bucket,
        prefix,
        source.accessKey(),
        source.secretKey(),
        source.caFile());
  }
}
