package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectListing;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was written to the source since the drain, which has recorded each of its objects. The
 * tenant waits for this look, so the listing is taken in stretches side by side.
 */
public final class SourceComparison {

  private final TenantObjects objects;
  private final ObjectRecord record;
  private final int concurrency;
  private final ProgressMonitor monitor;

  public SourceComparison(
      TenantObjects objects, ObjectRecord record, int concurrency, ProgressMonitor monitor) {
    this.objects = objects;
    this.record = record;
    this.concurrency = concurrency;
    this.monitor = monitor;
  }

  /** Compares; nothing is compared where there was no object and is none. */
  public Finding compare() {
    Finding finding = new Finding();
    new RecordJoin(record, concurrency, monitor)
        .join(
            range -> new ObjectListing(objects.source(), range, monitor),
            (chunk, recorded, listed) -> judge(recorded, listed, finding));
    return finding;
  }

  private void judge(
      @Nullable RecordedObject recorded, @Nullable ObjectEntry listed, Finding finding) {
    if (listed == null) {
      if (recorded != null) {
        finding.compared(1);
        finding.mismatch(
            "%s was deleted after the last objects were carried over"
                .formatted(objects.source().uri(objects.source().prefix() + recorded.name())));
      }
      return;
    }
    if (objects.isFolderMarker(listed.name())) {
      return;
    }
    finding.compared(1);
    if (recorded == null || !recorded.isCopyOf(listed)) {
      finding.mismatch(
          "%s was written at %s, after the last objects were carried over"
              .formatted(objects.source().uri(listed.key()), listed.lastModified()));
    }
  }
}
