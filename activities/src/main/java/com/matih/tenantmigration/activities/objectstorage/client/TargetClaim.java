package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.EndOfWork;
import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the control plane remembers of one migration's objects: what it may delete again, and what
 * it found.
 *
 * <p>S3 has no mark that would not change the object for its readers (metadata and tags are content
 * here). So the claim is on the place: the target's prefix was proven empty right before the first
 * object was written, and from then on this migration owns the keys below it to which a key of the
 * source maps. Everything else there is somebody else's.
 */
public final class TargetClaim {

  /** The store's name in the journal, in refusals and in warnings. */
  public static final String STORE = StoreName.OBJECT_STORAGE.key();

  private static final String LISTING = "source-listing";
  private static final String UPLOADS = "uploads-before";
  private static final String BUCKET_MARKED = "bucket-marked";
  private static final String COPIED = "copied";
  private static final String DRAINED = "drained";

  private final MigrationJournal journal;
  private final String migrationId;
  private final String bucketIntent;
  private final String objectsIntent;

  public TargetClaim(MigrationJournal journal, MigrationContext context) {
    this.journal = journal;
    this.migrationId = context.migrationId();
    ObjectStorageSpec.Location target = context.spec(ObjectStorageSpec.class).target();
    this.bucketIntent = "bucket:" + target.bucket();
    this.objectsIntent = "objects:" + target.uri();
  }

  /** Where this migration's work on the dedicated side has ended. */
  public EndOfWork end() {
    return new EndOfWork(journal, migrationId, STORE);
  }

  /** To be called when the bucket was proven absent, before it is created. */
  public void intendBucket() {
    journal.intend(migrationId, STORE, bucketIntent);
  }

  public boolean bucketIntended() {
    return journal.intended(migrationId, STORE, bucketIntent);
  }

  /** Keeps whether the created bucket has this migration's tag; a server may know no such tags. */
  public boolean rememberBucketMarked(boolean marked) {
    return journal.remember(migrationId, STORE, BUCKET_MARKED, Boolean.class, () -> marked);
  }

  /** Empty where the migration ended between creating the bucket and marking it. */
  public Optional<Boolean> bucketMarked() {
    return journal.recall(migrationId, STORE, BUCKET_MARKED, Boolean.class);
  }

  /** To be called when the prefix was proven empty, before the first object is written. */
  public void intendObjects() {
    journal.intend(migrationId, STORE, objectsIntent);
  }

  public boolean objectsIntended() {
    return journal.intended(migrationId, STORE, objectsIntent);
  }

  /** The uploads that were in progress before this migration began its own; they stay. */
  public Set<String> uploadsBefore(Supplier<List<String>> first) {
    return Set.of(
        journal.remember(
            migrationId, STORE, UPLOADS, String[].class, () -> first.get().toArray(String[]::new)));
  }

  /** Keeps that every object has arrived, after which no attempt writes one. */
  public StoresSummary.ObjectStorage rememberCopied(StoresSummary.ObjectStorage summary) {
    return journal.remember(
        migrationId, STORE, COPIED, StoresSummary.ObjectStorage.class, () -> summary);
  }

  /** What was copied; empty where not every object has arrived. */
  public Optional<StoresSummary.ObjectStorage> copied() {
    return journal.recall(migrationId, STORE, COPIED, StoresSummary.ObjectStorage.class);
  }

  /** What the drain answered; empty where it has not ended. */
  public Optional<Drained> drained() {
    return journal.recall(migrationId, STORE, DRAINED, Drained.class);
  }

  /** Keeps what the drain answers, for attempts at it that come later. */
  public Drained rememberDrained(Drained drained) {
    return journal.remember(migrationId, STORE, DRAINED, Drained.class, () -> drained);
  }

  /**
   * Puts an attempt at the copy on record.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later one has begun
   */
  public LatestAttempt begin(Attempt attempt) {
    return LatestAttempt.begin(journal, migrationId, STORE, attempt);
  }

  /**
   * Lets an attempt go on that has something to write.
   *
   * @throws MigrationException of type WORK_ENDED where the objects were given up, of type
   *     STORE_ERROR (retryable) where another attempt has copied everything
   */
  public void requireUnfinished() {
    end().requireNotNoted();
    if (copied().isPresent()) {
      throw new MigrationException(
          FailureType.STORE_ERROR, "Another attempt has copied every object in the meantime.");
    }
  }

  /** The source's listing when the copy began. */
  public ListingDigest listing(Supplier<ListingDigest> first) {
    return journal.remember(migrationId, STORE, LISTING, ListingDigest.class, first);
  }

  /** The same; empty where the copy has not begun. */
  public Optional<ListingDigest> listing() {
    return journal.recall(migrationId, STORE, LISTING, ListingDigest.class);
  }
}
