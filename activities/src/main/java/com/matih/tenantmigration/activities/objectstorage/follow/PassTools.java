package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.BatchDelete;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.content.MemoryBudget;
import com.matih.tenantmigration.activities.objectstorage.content.MetadataCopy;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.activities.objectstorage.copy.OpenUploads;
import com.matih.tenantmigration.activities.objectstorage.copy.PartedObjectCopy;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What the parts of a pass share: its pool, its copies, its deletions and its counts. */
final class PassTools {

  /** So many chunks may be in work at a time; a large object holds up only its own. */
  private static final int CHUNKS_IN_WORK = 16;

  private static final int POLL_MILLIS = 200;

  private final MigrationContext context;
  private final TenantObjects objects;
  private final ObjectRecord record;
  private final RemovalGuard guard;
  private final boolean tenantWrites;
  private final OpenUploads uploads;
  private final WorkerPool pool;
  private final PassTally tally;
  private final MemoryBudget budget = MemoryBudget.ofThisProcess();
  private final WholeObjectCopy whole;
  private final MetadataCopy metadata;
  private final BatchDelete deletion;
  private final Semaphore places = new Semaphore(CHUNKS_IN_WORK);

  PassTools(
      FollowAttempt attempt,
      boolean tenantWrites,
      OpenUploads uploads,
      WorkerPool pool,
      PassTally tally) {
    this.context = attempt.context();
    this.objects = attempt.objects();
    this.record = attempt.record();
    this.guard = attempt.guard();
    this.tenantWrites = tenantWrites;
    this.uploads = uploads;
    this.pool = pool;
    this.tally = tally;
    this.whole = new WholeObjectCopy(objects, budget);
    this.metadata = new MetadataCopy(objects);
    this.deletion = new BatchDelete(objects.target());
  }

  TenantObjects objects() {
    return objects;
  }

  ObjectRecord record() {
    return record;
  }

  WorkerPool pool() {
    return pool;
  }

  PassTally tally() {
    return tally;
  }

  WholeObjectCopy whole() {
    return whole;
  }

  /** Whether metadata and tags are compared of objects that seem to be unchanged. */
  boolean checksMetadata() {
    return context.spec(ObjectStorageSpec.class).checkMetadata();
  }

  MetadataCopy metadata() {
    return metadata;
  }

  PartedObjectCopy parted(ObjectEntry object) {
    return new PartedObjectCopy(objects, budget, uploads, object);
  }

  /** Waits until another chunk may be begun. */
  void enter() {
    try {
      while (!places.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        // throws what has stopped the others, who would give back no place then
        pool.submit(() -> {});
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.WORKER_STOPPING, "The pass over the objects was interrupted.", e);
    }
  }

  /** Gives back what {@link #enter} took. */
  void leave() {
    places.release();
  }

  /**
   * Deletes copies whose objects are gone, while it is proven that the tenant does not live there.
   */
  synchronized void delete(List<String> names) {
    List<String> keys = names.stream().map(name -> objects.target().prefix() + name).toList();
    guard.beginAnew(
        context,
        "what the source has no longer, below " + objects.target().location().uri(),
        () -> deletion.delete(keys));
  }

  /**
   * Lets an object pass that changed while it was copied, which is left to the next pass.
   *
   * @throws MigrationException the failure, where it is another one or nobody should write any more
   */
  void requireMayChange(MigrationException failure) {
    if (!tenantWrites || failure.type() != FailureType.SOURCE_CHANGED) {
      throw failure;
    }
  }
}
