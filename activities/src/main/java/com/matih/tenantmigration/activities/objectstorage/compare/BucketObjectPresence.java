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
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Looks objects of the dedicated bucket up, several at a time. */
public final class BucketObjectPresence implements ObjectPresence {

  private final ObjectStores stores;

  public BucketObjectPresence(ObjectStores stores) {
    this.stores = stores;
  }

  @Override
  public Set<String> missing(MigrationContext context, Collection<String> keys) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Set<String> missing = ConcurrentHashMap.newKeySet();
    try (TenantObjects objects = stores.openBoth(spec, WorkScope.current());
        WorkerPool pool =
            new WorkerPool("object-lookup", spec.concurrency(), WorkScope.current())) {
      for (String key : keys) {
        pool.submit(
            () -> {
              if (!isPresent(objects.target(), key)) {
                missing.add(key);
              }
            });
      }
      pool.awaitAll();
    }
    return missing;
  }

  private static boolean isPresent(ObjectStore target, String key) {
    String attempted = "look for " + target.uri(key);
    try {
      var unused =
          target.ask(attempted, s3 -> s3.headObject(h -> h.bucket(target.bucket()).key(key)));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return false;
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }
}
