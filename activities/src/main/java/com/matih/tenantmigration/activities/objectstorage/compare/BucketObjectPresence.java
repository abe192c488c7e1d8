package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Looks up what references name in a bucket, several at a time. */
public final class BucketObjectPresence implements ObjectPresence {

  private final ObjectStores stores;

  public BucketObjectPresence(ObjectStores stores) {
    this.stores = stores;
  }

  @Override
  public Set<String> missing(MigrationContext context, Side side, Collection<String> keys) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Set<String> missing = ConcurrentHashMap.newKeySet();
    try (TenantObjects objects = stores.openBoth(spec, WorkScope.current());
        WorkerPool pool =
            new WorkerPool("object-lookup", spec.concurrency(), WorkScope.current())) {
      ObjectStore bucket = side == Side.SHARED ? objects.source() : objects.target();
      for (String key : keys) {
        pool.submit(
            () -> {
              if (ways(key).stream().noneMatch(way -> isPresent(bucket, way))) {
                missing.add(key);
              }
            });
      }
      pool.awaitAll();
    }
    return missing;
  }

  /** A reference's key as it may be meant, the most literal first. */
  private static List<String> ways(String key) {
    List<String> ways = new ArrayList<>(List.of(key));
    int query = key.indexOf("?versionId=");
    String bare = query < 0 ? key : key.substring(0, query);
    ways.add(bare);
    if (bare.indexOf('%') >= 0) {
      try {
        ways.add(URLDecoder.decode(bare.replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        // not an encoded key
        return ways;
      }
    }
    return ways.stream().distinct().toList();
  }

  private static boolean isPresent(ObjectStore bucket, String key) {
    return (!key.isEmpty() && !key.endsWith("/") && isObject(bucket, key)) || isFolder(bucket, key);
  }

  private static boolean isFolder(ObjectStore bucket, String key) {
    String prefix = key.isEmpty() || key.endsWith("/") ? key : key + "/";
    return !bucket
        .call(
            "look for objects below " + bucket.uri(prefix),
            s3 ->
                s3.listObjectsV2(
                    l ->
                        l.bucket(bucket.bucket())
                            .prefix(prefix)
                            .encodingType(EncodingType.URL)
                            .maxKeys(1)))
        .contents()
        .isEmpty();
  }

  private static boolean isObject(ObjectStore bucket, String key) {
    String attempted = "look for " + bucket.uri(key);
    try {
      var unused =
          bucket.ask(attempted, s3 -> s3.headObject(h -> h.bucket(bucket.bucket()).key(key)));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return false;
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }
}
