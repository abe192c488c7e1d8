package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Faults in the dedicated bucket. */
final class ObjectFaults {

  private static final String ARTIFACTS = "artifacts/";

  private ObjectFaults() {}

  static void deleteAnObject(Scene scene) {
    try (S3Client s3 = S3Clients.of(scene.sides().dedicated())) {
      String key = keys(s3, scene).get(0);
      s3.deleteObject(delete -> delete.bucket(scene.dedicatedBucket()).key(key));
    }
  }

  static void appendAByte(Scene scene) {
    try (S3Client s3 = S3Clients.of(scene.sides().dedicated())) {
      String key = keys(s3, scene).get(0);
      ResponseBytes<GetObjectResponse> object = get(s3, scene, key);
      byte[] content = object.asByteArray();
      put(s3, scene, key, object.response(), Arrays.copyOf(content, content.length + 1));
    }
  }

  /** Count and total size stay as they are, and so does what else is known of either object. */
  static void swapTwoOfTheSameSize(Scene scene) {
    try (S3Client s3 = S3Clients.of(scene.sides().dedicated())) {
      Map<Long, String> bySize = new HashMap<>();
      for (String key : keys(s3, scene)) {
        ResponseBytes<GetObjectResponse> one = get(s3, scene, key);
        String twin = bySize.putIfAbsent(one.response().contentLength(), key);
        if (twin != null) {
          ResponseBytes<GetObjectResponse> other = get(s3, scene, twin);
          put(s3, scene, key, one.response(), other.asByteArray());
          put(s3, scene, twin, other.response(), one.asByteArray());
          return;
        }
      }
    }
    throw new IllegalStateException("there are no two objects of the same size");
  }

  private static List<String> keys(S3Client s3, Scene scene) {
    return BucketScan.keys(s3, scene.dedicatedBucket(), ARTIFACTS);
  }

  private static ResponseBytes<GetObjectResponse> get(S3Client s3, Scene scene, String key) {
    return s3.getObjectAsBytes(get -> get.bucket(scene.dedicatedBucket()).key(key));
  }

  private static void put(
      S3Client s3, Scene scene, String key, GetObjectResponse like, byte[] content) {
    s3.putObject(
        put ->
            put.bucket(scene.dedicatedBucket())
                .key(key)
                .contentType(like.contentType())
                .metadata(like.metadata()),
        RequestBody.fromBytes(content));
  }
}
