package com.matih.tenantmigration.devstack.clusters;

import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists what a bucket holds now. */
public final class BucketScan {

  private BucketScan() {}

  /** The keys that begin so, in byte order. */
  public static List<String> keys(S3Client s3, String bucket, String prefix) {
    return s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .sorted()
        .toList();
  }

  /** Whether there is a bucket of that name. */
  public static boolean exists(S3Client s3, String bucket) {
    return s3.listBuckets().buckets().stream().anyMatch(found -> found.name().equals(bucket));
  }
}
