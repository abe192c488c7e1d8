package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.objectstorage.client.ListingDigest;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord;
import com.matih.tenantmigration.activities.objectstorage.follow.SourceComparison;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.Iterator;

/**
 * Compares the source's listing with what was recorded: by the drain, object by object, where the
 * tenant worked while its objects moved; else when the copy began, by a digest. Where that differs,
 * the names come from the objects' times and from the copy.
 */
public final class ObjectStorageSourceQuiet implements SourceQuietProbe {

  private final ObjectStores stores;
  private final MigrationJournal journal;
  private final boolean copyIsLive;

  /** A search while the tenant is read-only. */
  public ObjectStorageSourceQuiet(ObjectStores stores, MigrationJournal journal) {
    this(stores, journal, false);
  }

  private ObjectStorageSourceQuiet(
      ObjectStores stores, MigrationJournal journal, boolean copyIsLive) {
    this.stores = stores;
    this.journal = journal;
    this.copyIsLive = copyIsLive;
  }

  /** A search when the tenant works with the copy, which tells nothing of the source any more. */
  public static ObjectStorageSourceQuiet afterCutover(
      ObjectStores stores, MigrationJournal journal) {
    return new ObjectStorageSourceQuiet(stores, journal, true);
  }

  @Override
  public Finding findWrites(MigrationContext context, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    if (new TargetClaim(journal, context).drained().isPresent()) {
      return findWritesSinceDrain(context, spec, monitor);
    }
    ListingDigest before = recorded(context);
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      ListingDigest now = ListingDigest.of(objects.listSource(monitor));
      if (before.objects() == 0 && now.objects() == 0) {
        return Finding.notApplicable("There is no object on the shared side.");
      }
      Finding finding = new Finding();
      finding.compared(Math.max(before.objects(), now.objects()));
      if (!before.equals(now)) {
        if (copyIsLive) {
          nameLaterObjects(objects, before, monitor, finding);
        } else {
          nameWrites(objects, before, monitor, finding);
        }
        if (finding.mismatchCount() == 0) {
          finding.mismatch(
              ("%s: objects were written since the copy began; their number and bytes were"
                      + " %d and %d, and are %d and %d now")
                  .formatted(
                      spec.source().uri(),
                      before.objects(),
                      before.bytes(),
                      now.objects(),
                      now.bytes()));
        }
      }
      return finding;
    }
  }

  private Finding findWritesSinceDrain(
      MigrationContext context, ObjectStorageSpec spec, ProgressMonitor monitor) {
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      Finding finding =
          new SourceComparison(
                  objects, new ObjectRecord(journal, context), spec.concurrency(), monitor)
              .compare();
      return finding.comparedCount() == 0
          ? Finding.notApplicable("There is no object on the shared side.")
          : finding;
    }
  }

  private ListingDigest recorded(MigrationContext context) {
    return new TargetClaim(journal, context)
        .listing()
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    "The copy of the objects has recorded no listing to compare with. See the"
                        + " worker's log of the copy."));
  }

  private static void nameLaterObjects(
      TenantObjects objects, ListingDigest before, ProgressMonitor monitor, Finding finding) {
    Iterator<ObjectEntry> listing = objects.listSource(monitor);
    while (listing.hasNext()) {
      ObjectEntry object = listing.next();
      if (object.lastModified().isAfter(before.newest())) {
        finding.mismatch(writtenLater(objects, object));
      }
    }
  }

  private static String writtenLater(TenantObjects objects, ObjectEntry source) {
    return "%s was written at %s, after the copy began"
        .formatted(objects.source().uri(source.key()), source.lastModified());
  }

  private static void nameWrites(
      TenantObjects objects, ListingDigest before, ProgressMonitor monitor, Finding finding) {
    ObjectPairs pairs = objects.pairs(monitor);
    while (pairs.hasNext()) {
      ObjectPairs.Pair pair = pairs.next();
      ObjectEntry source = pair.source();
      ObjectEntry target = pair.target();
      if (source == null && target != null) {
        finding.mismatch(
            "%s no longer has a source: it was deleted since the copy began"
                .formatted(objects.target().uri(target.key())));
      } else if (source != null
          && (target == null || source.lastModified().isAfter(before.newest()))) {
        finding.mismatch(writtenLater(objects, source));
      }
    }
  }
}
