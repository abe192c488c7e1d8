package com.matih.tenantmigration.activities.objectstorage.copy;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ListingDigest;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.content.MemoryBudget;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.activities.objectstorage.content.TagCopy;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies every object below the source's prefix, several at a time, each verified as it is written.
 *
 * <ol>
 *   <li>The target's prefix is proven empty, then claimed ({@link TargetClaim}); a second attempt
 *       finds the claim and aborts the uploads that the first one left.
 *   <li>The source's listing is recorded once, for SOURCE_QUIET to compare with.
 *   <li>Both listings are walked at once ({@link ObjectPairs}): an object that is there with the
 *       same size and ETag is passed over, all others are copied whole ({@link WholeObjectCopy}) or
 *       in parts ({@link PartedObjectCopy}).
 * </ol>
 *
 * <p>A second write of an object is the same write, so attempts that overlap do no harm, until one
 * has copied everything: the objects are soon the tenant's to change then, so the others look for
 * that and stop. An attempt that finds a later one on record stops too, and before it ends that
 * one's uploads. What is on the target under a name that the source does not have is left alone:
 * the checks report it.
 */
public final class ObjectCopier {

  /** How long a copy may go on without looking whether it still has something to write. */
  public static final Duration LONGEST_UNAWARE = Duration.ofSeconds(1);

  private final ObjectStores stores;
  private final MigrationJournal journal;

  public ObjectCopier(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = journal;
  }

  /**
   * Copies.
   *
   * @throws MigrationException of type SOURCE_CHANGED where an object changed while it was copied,
   *     TARGET_NOT_EMPTY where somebody else has written to the target before the copy began,
   *     WORK_ENDED where the objects were given up, WRITER_SUPERSEDED where a later attempt has
   *     begun, STORE_ERROR where another attempt has copied everything meanwhile, and as {@link
   *     ObjectStorageFailures} says
   */
  public StoresSummary copy(MigrationContext context, ProgressMonitor monitor) {
    TargetClaim claim = new TargetClaim(journal, context);
    return StoresSummary.of(
        claim.copied().orElseGet(() -> claim.rememberCopied(copy(context, claim, monitor))));
  }

  private StoresSummary.ObjectStorage copy(
      MigrationContext context, TargetClaim claim, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    try (TenantObjects objects = stores.openBoth(spec, monitor)) {
      LatestAttempt latest = claim.begin(monitor.attempt());
      claimTarget(objects.target(), claim);
      claim.requireUnfinished();
      ListingDigest listing = claim.listing(() -> ListingDigest.of(objects.listSource(monitor)));
      Tally tally = new Tally(listing.objects(), monitor, claim, latest);
      try (OpenUploads uploads = new OpenUploads(objects.target());
          WorkerPool pool = new WorkerPool("object-copy", spec.concurrency(), monitor)) {
        copyAll(objects, uploads, pool, tally);
      }
      return new StoresSummary.ObjectStorage(tally.objects.get(), tally.bytes.get());
    }
  }

  private void copyAll(TenantObjects objects, OpenUploads uploads, WorkerPool pool, Tally tally) {
    MemoryBudget budget = MemoryBudget.ofThisProcess();
    WholeObjectCopy whole = new WholeObjectCopy(objects, budget);
    TagCopy tags = new TagCopy(objects);
    ObjectPairs pairs = objects.pairs(tally.monitor);
    while (pairs.hasNext()) {
      ObjectPairs.Pair pair = pairs.next();
      ObjectEntry object = pair.source();
      if (object == null) {
        continue;
      }
      if (pair.target() != null && object.looksLike(pair.target())) {
        pool.submit(
            () -> {
              tally.requireUnfinished();
              tags.copy(object);
              tally.done(object);
            });
      } else if (object.size() <= PartLayout.WHOLE_LIMIT) {
        pool.submit(
            () -> {
              tally.requireUnfinished();
              var unused = whole.copy(object);
              tally.done(object);
            });
      } else {
        submitParts(new PartedObjectCopy(objects, budget, uploads, object), object, pool, tally);
      }
    }
    pool.awaitAll();
  }

  private static void submitParts(
      PartedObjectCopy copy, ObjectEntry object, WorkerPool pool, Tally tally) {
    for (int part = 0; part < copy.parts(); part++) {
      int index = part;
      pool.submit(
          () -> {
            tally.requireUnfinished();
            if (copy.copyPart(index)) {
              tally.done(object);
            }
          });
    }
  }

  /**
   * Claims the target's prefix, or ends the uploads of earlier attempts where it is claimed.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where somebody else has written there
   *     before it was claimed
   */
  public static void claimTarget(ObjectStore target, TargetClaim claim) {
    UploadsInProgress uploads = new UploadsInProgress(target);
    boolean claimed = claim.objectsIntended();
    if (!claimed && target.look() == ObjectStore.Occupancy.OCCUPIED) {
      throw notEmpty(target);
    }
    Set<String> foreign = claim.uploadsBefore(uploads::ids);
    if (claimed) {
      var unused = uploads.abortAllBut(foreign);
    } else {
      claim.intendObjects();
    }
  }

  public static MigrationException notEmpty(ObjectStore target) {
    return new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        "%s already contains objects. Name another bucket or prefix."
            .formatted(target.location().uri()));
  }

  /** Counts what has arrived, and sees that more may. */
  private static final class Tally {

    private final long expected;
    private final ProgressMonitor monitor;
    private final TargetClaim claim;
    private final LatestAttempt latest;
    private final AtomicLong looked = new AtomicLong(System.nanoTime());
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Tally(long expected, ProgressMonitor monitor, TargetClaim claim, LatestAttempt latest) {
      this.latest = latest;
      this.expected = expected;
      this.monitor = monitor;
      this.claim = claim;
    }

    /**
     * By the clock and not by a count, so that an attempt that continues after a freeze looks
     * before it writes.
     */
    void requireUnfinished() {
      long now = System.nanoTime();
      if (now - looked.get() > LONGEST_UNAWARE.toNanos()) {
        claim.requireUnfinished();
        latest.require();
        looked.set(now);
      }
    }

    void done(ObjectEntry object) {
      bytes.addAndGet(object.size());
      monitor.update(
          new Progress(objects.incrementAndGet(), expected, "objects", "copying objects"));
    }
  }
}
