package com.matih.tenantmigration.activities.objectstorage.provision;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.objectstorage.client.BucketMark;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Creates the dedicated bucket where it does not exist, marked with the migration that did so
 * ({@link BucketMark}); an existing one is used if it is empty below the prefix.
 */
public final class BucketProvisioner {

  private static final Logger log = LoggerFactory.getLogger(BucketProvisioner.class);

  private final ObjectStores stores;
  private final MigrationJournal journal;

  public BucketProvisioner(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = journal;
  }

  /**
   * Provisions; may be repeated.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where there are objects already, or where
   *     somebody else created the bucket in the same moment; WORK_ENDED where the bucket was given
   *     up already
   */
  public void provision(MigrationContext context, ProgressMonitor monitor) {
    TargetClaim claim = new TargetClaim(journal, context);
    try (ObjectStore target =
        stores.open(context.spec(ObjectStorageSpec.class).target(), monitor)) {
      switch (target.look()) {
        case OCCUPIED -> {
          if (!claim.objectsIntended()) {
            throw ObjectCopier.notEmpty(target);
          }
        }
        case NO_BUCKET -> {
          claim.intendBucket();
          claim.end().requireNotNoted();
          create(target);
          mark(target, claim, context.migrationId());
        }
        case EMPTY -> {
          if (claim.bucketIntended() && claim.bucketMarked().isEmpty()) {
            // an earlier try created it and did not come to marking it
            mark(target, claim, context.migrationId());
          }
        }
      }
    }
  }

  private static void create(ObjectStore target) {
    String attempted = "create bucket " + target.bucket();
    try {
      var unused =
          DurableAct.CREATE_BUCKET.call(
              () ->
                  target.ask(
                      attempted, s3 -> s3.createBucket(create -> create.bucket(target.bucket()))));
    } catch (BucketAlreadyOwnedByYouException e) {
      // the client repeats a request whose answer was lost; the mark tells whose it is
      log.info("bucket {} was there when its creation was answered", target.bucket());
    } catch (BucketAlreadyExistsException e) {
      throw takenMeanwhile(target);
    } catch (S3Exception e) {
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }

  private static void mark(ObjectStore target, TargetClaim claim, String migrationId) {
    Optional<String> present = BucketMark.of(target);
    if (present.isPresent() && !present.get().equals(migrationId)) {
      throw takenMeanwhile(target);
    }
    if (!claim.rememberBucketMarked(BucketMark.set(target, migrationId))) {
      log.info(
          "bucket {} has no migration tag: its server does not keep bucket tags", target.bucket());
    }
  }

  private static MigrationException takenMeanwhile(ObjectStore target) {
    return new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        "The bucket %s belongs to somebody else. Name another one.".formatted(target.bucket()));
  }
}
