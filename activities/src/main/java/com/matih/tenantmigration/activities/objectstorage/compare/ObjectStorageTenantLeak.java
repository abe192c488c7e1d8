package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.follow.DedicatedComparison;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.Optional;

/** Finds objects below the target's prefix that have no counterpart below the tenant's own. */
public final class ObjectStorageTenantLeak implements TenantLeakProbe {

  private final ObjectStores stores;
  private final Optional<MigrationJournal> journal;

  /** Looks at tenants that are read-only. */
  public ObjectStorageTenantLeak(ObjectStores stores) {
    this.stores = stores;
    this.journal = Optional.empty();
  }

  /** Looks at tenants that work, too. */
  public ObjectStorageTenantLeak(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = Optional.of(journal);
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Finding finding = new Finding();
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      if (context.tenantWorks()) {
        return findUnrecorded(context, objects, monitor);
      }
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
    return orEmpty(finding);
  }

  /** The source has changed by now; what was there when the last pass took it is on record. */
  private Finding findUnrecorded(
      MigrationContext context, TenantObjects objects, ProgressMonitor monitor) {
    int concurrency = context.spec(ObjectStorageSpec.class).concurrency();
    ObjectRecord record = new ObjectRecord(journal.orElseThrow(), context);
    Finding finding = new Finding();
    DedicatedComparison.Compared compared =
        new DedicatedComparison(objects, record, concurrency, monitor)
            .compare(
                (difference, text) -> {
                  if (difference == DedicatedComparison.Difference.UNRECORDED) {
                    finding.mismatch(text);
                  }
                });
    finding.compared(compared.objects());
    return finding.mismatchCount() > 0 ? finding : orEmpty(finding);
  }

  private static Finding orEmpty(Finding finding) {
    return finding.comparedCount() == 0
        ? Finding.notApplicable("There is no object on the dedicated side.")
        : finding;
  }
}
