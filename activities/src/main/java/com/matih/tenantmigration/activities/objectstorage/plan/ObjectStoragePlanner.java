package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.BucketLock;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectListing;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.SnapshotLocation;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Looks at both buckets before anything is changed: what would move, and everything that stands in
 * the way, each side by itself so that one's trouble does not hide the other's.
 *
 * <p>Whether the target's key may create a bucket is only known when it does: S3 has no way to ask.
 */
public final class ObjectStoragePlanner {

  /** So many objects are read to see how fast they come. */
  private static final int SAMPLED = 20;

  /** So many objects, from all over the listing, are asked for, one request each. */
  private static final int LOOKED_AT = 500;

  private static final String SEE_LOG = "See the worker's log.";

  private final ObjectStores stores;

  public ObjectStoragePlanner(ObjectStores stores) {
    this.stores = stores;
  }

  /** Nothing where the request leaves object storage out. */
  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.request().objectStorage();
    if (spec == null) {
      return PlanFindings.NOTHING;
    }
    PlanNotes notes = new PlanNotes(StoreName.OBJECT_STORAGE);
    PlacesApart.check(spec, context.request().snapshot(), notes);
    Totals totals = new Totals();
    notes.attempt(
        "objectStorage.source", SEE_LOG, () -> lookAtSource(context, spec, totals, monitor, notes));
    notes.attempt(
        "objectStorage.target", SEE_LOG, () -> lookAtTarget(spec, totals, monitor, notes));
    notes.attempt(
        "snapshot.location", SEE_LOG, () -> lookAtSnapshotBucket(context, spec, monitor, notes));
    return notes.findings(
        totals.areWhole ? StoresSummary.of(totals.summary()) : StoresSummary.NONE);
  }

  private void lookAtSource(
      MigrationContext context,
      ObjectStorageSpec spec,
      Totals totals,
      ProgressMonitor monitor,
      PlanNotes notes) {
    try (ObjectStore source = stores.open(spec.source(), monitor)) {
      if (source.look() == ObjectStore.Occupancy.NO_BUCKET) {
        notes.refuse(
            spec.source().uri(),
            "The source's bucket %s does not exist.".formatted(source.bucket()),
            "Check the bucket's name and the endpoint.");
        return;
      }
      count(source, spec, totals, monitor, notes)
          .map(speed -> speed.estimate(totals.summary(), context.request().boundOnReading()))
          .ifPresent(notes::expect);
      warnOfUploads(source, totals.hidden, notes);
      OldVersions.Versioning versioning = OldVersions.versioning(source);
      OldVersions.note(source, versioning, monitor, notes);
      if (versioning.isHidden()) {
        totals.hidden.add("older versions (s3:GetBucketVersioning)");
      }
      warnOfHidden(source, totals.hidden, notes);
    }
  }

  /** A snapshot in a bucket uses the source's server and credentials. */
  private void lookAtSnapshotBucket(
      MigrationContext context, ObjectStorageSpec spec, ProgressMonitor monitor, PlanNotes notes) {
    Location location = SnapshotLocation.of(context.request().snapshot().location(), spec.source());
    if (location == null) {
      return;
    }
    try (ObjectStore snapshots = stores.open(location, monitor)) {
      if (snapshots.look() == ObjectStore.Occupancy.NO_BUCKET) {
        notes.refuse(
            new Refusal(
                StoreName.SNAPSHOT,
                location.uri(),
                "The bucket %s for snapshots does not exist.".formatted(location.bucket()),
                "Create it, or name another location."));
      }
    }
  }

  private static Optional<ObjectSpeed> count(
      ObjectStore source,
      ObjectStorageSpec spec,
      Totals totals,
      ProgressMonitor monitor,
      PlanNotes notes) {
    Iterator<ObjectEntry> all = new ObjectListing(source, monitor);
    ObjectRules rules = new ObjectRules(source, spec.target(), notes);
    SpreadSample looked = new SpreadSample(LOOKED_AT);
    SpreadSample some = new SpreadSample(SAMPLED);
    long begun = System.nanoTime();
    while (all.hasNext()) {
      ObjectEntry object = all.next();
      if (rules.admits(object)) {
        looked.add(object);
        some.add(object);
        totals.objects++;
        totals.bytes += object.size();
        monitor.update(new Progress(totals.objects, -1, "objects", "counting objects"));
      }
    }
    totals.areWhole = true;
    double listingSeconds = (System.nanoTime() - begun) / 1e9;
    rules.noteClasses();
    if (some.objects().isEmpty()) {
      EmptySource.note(source, spec.allowEmpty(), monitor, notes);
      return Optional.empty();
    }
    double requestSeconds = proveReadable(source, some.objects());
    ObjectLook look = new ObjectLook(source, looked.objects(), totals.objects, notes);
    look.look(monitor);
    totals.locked = look.locked();
    totals.hidden.addAll(look.hidden());
    double metadataSeconds =
        spec.checkMetadata() ? 4 * requestSeconds * totals.objects / spec.concurrency() : 0;
    return Optional.of(new ObjectSpeed(source, some.objects(), listingSeconds, metadataSeconds));
  }

  /**
   * Listing is one right, reading content and reading tags are two others.
   *
   * @param samples of which some may have been deleted since they were listed
   * @return how many seconds a request takes
   */
  private static double proveReadable(ObjectStore source, List<ObjectEntry> samples) {
    for (ObjectEntry sample : samples) {
      if (source.find(sample.key()).isPresent()) {
        long begun = System.nanoTime();
        var unusedTags = source.tags(sample.key());
        return (System.nanoTime() - begun) / 1e9;
      }
    }
    return 0;
  }

  private void lookAtTarget(
      ObjectStorageSpec spec, Totals totals, ProgressMonitor monitor, PlanNotes notes) {
    Location location = spec.target();
    try (ObjectStore target = stores.open(location, monitor)) {
      switch (target.look()) {
        case NO_BUCKET -> {
          BucketName.check(location, notes);
          ObjectLockNotes.ofNewBucket(spec, totals.locked, notes);
        }
        case OCCUPIED -> {
          String why = String.valueOf(ObjectCopier.notEmpty(target).getMessage());
          notes.refuse(Refusal.of(StoreName.OBJECT_STORAGE, location.uri(), why, SEE_LOG));
        }
        case EMPTY -> {
          ObjectLockNotes.ofBucket(spec, BucketLock.of(target), totals.locked, notes);
          OldVersions.Versioning versioning = OldVersions.versioning(target);
          TargetRights.check(target, versioning, notes);
          if (versioning.isEnabled()) {
            notes.warn(
                location.uri(),
                "The target's bucket keeps versions: a rollback deletes the objects, but not their"
                    + " old versions.");
          }
          refuseManyUploads(target, notes);
        }
      }
    }
  }

  private static void warnOfHidden(ObjectStore source, List<String> hidden, PlanNotes notes) {
    if (!hidden.isEmpty()) {
      notes.warn(
          source.location().uri(),
          "The source's access key may not read %s: if there are any, they stay behind and are not listed."
              .formatted(String.join(", ", hidden)));
    }
  }

  private static void warnOfUploads(ObjectStore source, List<String> hidden, PlanNotes notes) {
    int uploads;
    try {
      uploads = new UploadsInProgress(source).ids().size();
    } catch (MigrationException e) {
      if (e.type() != FailureType.PERMISSION_DENIED) {
        throw e;
      }
      // nothing but this warning needs the right
      hidden.add("uploads in progress (s3:ListBucketMultipartUploads)");
      return;
    }
    if (uploads > 0) {
      notes.warn(
          source.location().uri(),
          ("There are uploads in progress below the source's prefix (%d). Those not completed"
                  + " when the tenant becomes read-only are not migrated.")
              .formatted(uploads));
    }
  }

  private static void refuseManyUploads(ObjectStore target, PlanNotes notes) {
    int uploads = new UploadsInProgress(target).ids().size();
    if (uploads >= UploadsInProgress.MOST) {
      notes.refuse(
          target.location().uri(),
          "There are %d or more uploads in progress below the target's prefix.".formatted(uploads),
          "Abort them, so that they cannot be confused with this migration's own.");
    } else if (uploads > 0) {
      notes.warn(
          target.location().uri(),
          "There are uploads in progress below the target's prefix (%d). They are left alone."
              .formatted(uploads));
    }
  }

  /** What was counted so far; nothing is said of a source that could not be counted to its end. */
  private static final class Totals {
    private boolean areWhole;
    private long objects;
    private long bytes;
    private SampleCount locked = new SampleCount(0, 0, 0);
    private final List<String> hidden = new ArrayList<>();

    private StoresSummary.ObjectStorage summary() {
      return new StoresSummary.ObjectStorage(objects, bytes);
    }
  }
}
