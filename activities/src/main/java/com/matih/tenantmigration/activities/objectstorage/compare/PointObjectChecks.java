package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.follow.DedicatedComparison;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;

/**
 * The checks on objects, for a tenant that is read-only and for one that works: then the source is
 * what the last pass found there, and what has changed since is left to the drain.
 */
public final class PointObjectChecks {

  private final ObjectStores stores;
  private final MigrationJournal journal;
  private final ListingComparison listings;
  private final ObjectContentComparison contents;

  public PointObjectChecks(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = journal;
    this.listings = new ListingComparison(stores);
    this.contents = new ObjectContentComparison(stores, journal);
  }

  /** Finds objects that only one side has. */
  public Finding counts(MigrationContext context, ProgressMonitor monitor) {
    return context.tenantWorks()
        ? compareWithRecord(context, monitor, CheckName.OBJECT_COUNT)
        : listings.compareCounts(context, monitor);
  }

  /** Finds objects whose size differs, those that only one side has among them. */
  public Finding sizes(MigrationContext context, ProgressMonitor monitor) {
    return context.tenantWorks()
        ? compareWithRecord(context, monitor, CheckName.OBJECT_SIZE)
        : listings.compareSizes(context, monitor);
  }

  /** Finds objects whose content or attributes differ. */
  public Finding contents(MigrationContext context, ProgressMonitor monitor) {
    return context.tenantWorks()
        ? new RecordedContentComparison(stores, journal).compare(context, monitor)
        : contents.compare(context, monitor);
  }

  private Finding compareWithRecord(
      MigrationContext context, ProgressMonitor monitor, CheckName check) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Finding finding = new Finding();
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      DedicatedComparison.Compared compared =
          new DedicatedComparison(
                  objects, new ObjectRecord(journal, context), spec.concurrency(), monitor)
              .compare(
                  (difference, text) -> {
                    if (difference.checks().contains(check)) {
                      finding.mismatch(text);
                    }
                  });
      finding.compared(compared.objects());
      noteLeft(finding, compared.unsettled());
    }
    return orEmpty(finding);
  }

  static void noteLeft(Finding finding, long left) {
    if (left > 0) {
      finding.note(
          "%s changed since the last pass and %s compared when the tenant is read-only."
              .formatted(Units.plural(left, "object"), left == 1 ? "is" : "are"));
    }
  }

  /** What has nothing to compare, as all that there is changes, is left to the drain. */
  static Finding orEmpty(Finding finding) {
    if (finding.comparedCount() + finding.mismatchCount() > 0) {
      return finding;
    }
    return finding.notes().isEmpty()
        ? ListingComparison.emptyOnBothSides()
        : Finding.notApplicable(finding.notes().get(0));
  }
}
