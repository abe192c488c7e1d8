package com.matih.tenantmigration.activities.objectstorage.provision;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.BatchDelete;
import com.matih.tenantmigration.activities.objectstorage.client.BucketMark;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord;
import com.matih.tenantmigration.activities.objectstorage.follow.RecordWalk;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Deletes what this migration wrote: the objects below the claimed prefix that have a counterpart
 * on the source or are in the {@link ObjectRecord}, the uploads that it began, and the bucket if it
 * created it and it is empty then.
 *
 * <p>What has neither is somebody else's, or, where the tenant was read-only and nothing was
 * recorded, the copy of an object that was deleted from the source since; it is left and reported.
 * That the work has ended is noted first, and a copy looks for it; a second sweep after a pause
 * catches the writes of an attempt that had not looked yet. Before each portion that is deleted the
 * {@link RemovalGuard} proves anew that no tenant is served from the place.
 */
public final class ObjectRemover {

  private static final Duration PAUSE = ObjectCopier.LONGEST_UNAWARE.plusSeconds(1);
  private static final int BATCH = 1000;
  private static final int NAMED = 5;

  /** What a sentence begins with that tells of what stays. */
  private static final String LEFT = "Left ";

  private final ObjectStores stores;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final Duration pause;

  public ObjectRemover(ObjectStores stores, MigrationJournal journal, RemovalGuard guard) {
    this(stores, journal, guard, PAUSE);
  }

  /**
   * A remover with another pause.
   *
   * @param pause how long late writers are waited for before the second sweep
   */
  ObjectRemover(ObjectStores stores, MigrationJournal journal, RemovalGuard guard, Duration pause) {
    this.stores = stores;
    this.journal = journal;
    this.guard = guard;
    this.pause = pause;
  }

  /**
   * Deletes; may be repeated.
   *
   * @throws MigrationException as {@link ObjectStorageFailures} says; of type TENANT_IS_LIVE where
   *     the tenant may be served from the place
   */
  public RollbackStep remove(MigrationContext context, ProgressMonitor monitor) {
    TargetClaim claim = new TargetClaim(journal, context);
    claim.end().note();
    boolean bucketIntended = claim.bucketIntended();
    boolean objectsIntended = claim.objectsIntended();
    boolean mark = claim.bucketMarked().orElse(true);
    if (!bucketIntended && !objectsIntended) {
      return step(
          RollbackStep.Status.NOT_NEEDED, "This migration wrote no object and created no bucket.");
    }
    try (TenantObjects objects = stores.openBoth(context.spec(ObjectStorageSpec.class), monitor)) {
      ObjectStore target = objects.target();
      if (target.look() == ObjectStore.Occupancy.NO_BUCKET) {
        return step(
            RollbackStep.Status.NOT_NEEDED,
            "The bucket %s does not exist.".formatted(target.bucket()));
      }
      List<String> said = new ArrayList<>();
      if (objectsIntended) {
        said.addAll(removeObjects(context, objects, claim, monitor));
      }
      if (bucketIntended) {
        said.add(
            guard.removing(
                context,
                "bucket " + target.bucket(),
                () -> removeBucket(target, mark, context.migrationId())));
      }
      return new RollbackStep(
          Compensation.DELETE_OBJECTS.name(),
          RollbackStep.Status.DONE,
          String.join(" ", said),
          said.stream().filter(sentence -> sentence.startsWith(LEFT)).toList());
    }
  }

  private List<String> removeObjects(
      MigrationContext context, TenantObjects objects, TargetClaim claim, ProgressMonitor monitor) {
    Sweep first = sweep(context, objects, claim, monitor, 0);
    monitor.pause(pause);
    Sweep last = sweep(context, objects, claim, monitor, first.deleted);
    new ObjectRecord(journal, context).forget();
    List<String> said = new ArrayList<>();
    said.add(
        "Deleted %s below %s."
            .formatted(Units.plural(last.deleted, "object"), objects.target().location().uri()));
    if (last.foreign > 0) {
      said.add(
          ("Left behind %s without a counterpart on the source, which may belong to somebody"
                  + " else: %s.")
              .formatted(Units.plural(last.foreign, "object"), String.join(", ", last.named)));
    }
    return said;
  }

  private Sweep sweep(
      MigrationContext context,
      TenantObjects objects,
      TargetClaim claim,
      ProgressMonitor monitor,
      long deletedBefore) {
    String what = "the objects below " + objects.target().location().uri();
    UploadsInProgress uploads = new UploadsInProgress(objects.target());
    Set<String> uploadsBefore = claim.uploadsBefore(List::of);
    if (!uploadsBefore.containsAll(uploads.ids())) {
      var unused = guard.removing(context, what, () -> uploads.abortAllBut(uploadsBefore));
    }
    Sweep sweep = new Sweep(deletedBefore);
    BatchDelete deletion = new BatchDelete(objects.target());
    List<String> keys = new ArrayList<>();
    RecordWalk recorded = new ObjectRecord(journal, context).walk();
    ObjectPairs pairs = objects.pairs(monitor);
    while (pairs.hasNext()) {
      ObjectPairs.Pair pair = pairs.next();
      ObjectEntry object = pair.target();
      if (object == null) {
        continue;
      }
      if (pair.source() == null && recorded.find(object.name()).isEmpty()) {
        sweep.foreign(objects.target().uri(object.key()));
      } else {
        keys.add(object.key());
      }
      if (keys.size() == BATCH) {
        guard.remove(context, what, () -> sweep.delete(deletion, keys, monitor));
      }
    }
    if (!keys.isEmpty()) {
      guard.remove(context, what, () -> sweep.delete(deletion, keys, monitor));
    }
    return sweep;
  }

  private static String removeBucket(ObjectStore target, boolean markExpected, String migrationId) {
    String bucket = target.bucket();
    if (markExpected && !BucketMark.of(target).equals(Optional.of(migrationId))) {
      return "Left behind the bucket %s: it does not have this migration's mark.".formatted(bucket);
    }
    String attempted = "delete bucket " + bucket;
    try {
      var unused = target.ask(attempted, s3 -> s3.deleteBucket(delete -> delete.bucket(bucket)));
      return "Deleted the bucket %s, which this migration had created.".formatted(bucket);
    } catch (S3Exception e) {
      if (ObjectStorageFailures.hasCode(e, "NoSuchBucket")) {
        return "The bucket %s is gone.".formatted(bucket);
      }
      if (ObjectStorageFailures.hasCode(e, "BucketNotEmpty")) {
        return LEFT
            + ("the bucket %s, which this migration created: it contains other objects,"
                    + " %s. When they are gone, delete it: aws s3 rb s3://%s")
                .formatted(bucket, inTheWay(target), bucket);
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }

  /** What lies in the bucket, wherever in it. */
  private static String inTheWay(ObjectStore target) {
    List<String> keys =
        target
            .call(
                "look into bucket " + target.bucket(),
                s3 ->
                    s3.listObjectsV2(
                        list ->
                            list.bucket(target.bucket())
                                .encodingType(EncodingType.URL)
                                .maxKeys(NAMED + 1)))
            .contents()
            .stream()
            .map(object -> target.uri(object.key()))
            .toList();
    return keys.isEmpty()
        ? "in older versions of objects or unfinished uploads"
        : String.join(", ", keys.subList(0, Math.min(NAMED, keys.size())))
            + (keys.size() > NAMED ? " and more" : "");
  }

  private static RollbackStep step(RollbackStep.Status status, String message) {
    return new RollbackStep(Compensation.DELETE_OBJECTS.name(), status, message);
  }

  /** What one walk over both sides deleted and left. */
  private static final class Sweep {

    private final List<String> named = new ArrayList<>();
    private long deleted;
    private long foreign;

    Sweep(long deletedBefore) {
      this.deleted = deletedBefore;
    }

    void foreign(String uri) {
      foreign++;
      if (named.size() < NAMED) {
        named.add(uri);
      } else if (named.size() == NAMED) {
        named.add("…");
      }
    }

    void delete(BatchDelete deletion, List<String> keys, ProgressMonitor monitor) {
      deletion.delete(keys);
      deleted += keys.size();
      keys.clear();
      monitor.update(new Progress(deleted, -1, "objects", "deleting objects"));
    }
  }
}
