package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.function.BiConsumer;

/** Compares what both sides list: which objects there are, and how large they are. */
public final class ListingComparison {

  private final ObjectStores stores;

  public ListingComparison(ObjectStores stores) {
    this.stores = stores;
  }

  /** Finds objects that only one side has. */
  public Finding compareCounts(MigrationContext context, ProgressMonitor monitor) {
    return compare(context, monitor, (objects, join) -> {});
  }

  /** Finds objects whose size differs, those that only one side has among them. */
  public Finding compareSizes(MigrationContext context, ProgressMonitor monitor) {
    return compare(
        context,
        monitor,
        (objects, join) -> {
          ObjectEntry source = join.pair().source();
          ObjectEntry target = join.pair().target();
          if (source != null && target != null && source.size() != target.size()) {
            join.finding()
                .mismatch(
                    "%s has %d bytes, %s has %d"
                        .formatted(
                            objects.source().uri(source.key()),
                            source.size(),
                            objects.target().uri(target.key()),
                            target.size()));
          }
        });
  }

  private Finding compare(
      MigrationContext context,
      ProgressMonitor monitor,
      BiConsumer<TenantObjects, Join> comparison) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Finding finding = new Finding();
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      ObjectPairs pairs = objects.pairs(monitor);
      if (!pairs.hasNext()) {
        return emptyOnBothSides();
      }
      while (pairs.hasNext()) {
        ObjectPairs.Pair pair = pairs.next();
        finding.compared(1);
        if (pair.source() == null || pair.target() == null) {
          finding.mismatch(oneSided(objects, pair));
        }
        comparison.accept(objects, new Join(pair, finding));
        monitor.update(new Progress(finding.comparedCount(), -1, "objects", "comparing listings"));
      }
    }
    return finding;
  }

  private record Join(ObjectPairs.Pair pair, Finding finding) {}

  static String oneSided(TenantObjects objects, ObjectPairs.Pair pair) {
    ObjectEntry source = pair.source();
    ObjectEntry target = pair.target();
    if (source != null) {
      return "%s (%d bytes) is missing on the target"
          .formatted(objects.source().uri(source.key()), source.size());
    }
    if (target != null) {
      return "%s (%d bytes) is not on the source"
          .formatted(objects.target().uri(target.key()), target.size());
    }
    throw new IllegalArgumentException("a pair of nothing");
  }

  static Finding emptyOnBothSides() {
    return Finding.notApplicable("Both sides are empty.");
  }
}
