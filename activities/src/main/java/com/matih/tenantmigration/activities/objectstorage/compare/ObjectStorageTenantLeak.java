package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;

/** Finds objects below the target's prefix that have no counterpart below the tenant's own. */
public final class ObjectStorageTenantLeak implements TenantLeakProbe {

  private final ObjectStores stores;

  public ObjectStorageTenantLeak(ObjectStores stores) {
    this.stores = stores;
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Finding finding = new Finding();
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      ObjectPairs pairs = objects.pairs(monitor);
      while (pairs.hasNext()) {
        ObjectPairs.Pair pair = pairs.next();
        ObjectEntry target = pair.target();
        if (target == null) {
          continue;
        }
        finding.compared(1);
        if (pair.source() == null) {
          finding.mismatch(
              "%s is not the tenant's: the source has no such object"
                  .formatted(objects.target().uri(target.key())));
        }
      }
    }
    return finding.comparedCount() == 0
        ? Finding.notApplicable("There is no object on the dedicated side.")
        : finding;
  }
}
