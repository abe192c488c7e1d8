package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.BucketLock;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectAttributes;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectLock;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Asks for single objects what no listing shows: whether the key may read them, how they are
 * encrypted, whether their headers can be sent again, and what they have that does not move.
 *
 * <p>One byte of each is read: to ask for the headers alone proves no right to use the key that an
 * object is encrypted with.
 */
final class ObjectLook {

  private static final int AT_A_TIME = 16;
  private static final int NAMED = 20;

  /** About so many access lists are read: each is a request of its own, and few are set. */
  private static final int ACCESS_LISTS = 100;

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final ObjectStore source;
  private final List<ObjectEntry> objects;
  private final long all;
  private final PlanNotes notes;
  private final OwnGrants grants;
  private final AtomicLong looked = new AtomicLong();
  private final AtomicLong locked = new AtomicLong();
  private final AtomicLong lockedUntold = new AtomicLong();
  private final AtomicLong withKmsKey = new AtomicLong();
  private int refused;

  /**
   * A look at some objects.
   *
   * @param objects at least one
   * @param all how many objects there are together
   */
  ObjectLook(ObjectStore source, List<ObjectEntry> objects, long all, PlanNotes notes) {
    this.source = source;
    this.objects = objects;
    this.all = all;
    this.notes = notes;
    this.grants = new OwnGrants(source);
  }

  /** Looks at them, for a minute at most. */
  void look(ProgressMonitor monitor) {
    long begun = System.nanoTime();
    int stride = Math.max(1, objects.size() / ACCESS_LISTS);
    try (WorkerPool pool = new WorkerPool("object-look", AT_A_TIME, monitor)) {
      for (int i = 0; i < objects.size(); i++) {
        ObjectEntry object = objects.get(i);
        boolean withGrants = i % stride == 0;
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
          break;
        }
        pool.submit(
            () -> {
              lookAt(object, withGrants);
              monitor.update(
                  new Progress(looked.incrementAndGet(), objects.size(), "objects", "looking"));
            });
      }
      pool.awaitAll();
    }
    noteWhatStays();
    if (looked.get() < all) {
      notes.warn(
          source.location().uri(),
          "%s of %s were tried; whether the others can be read is only known when they are copied."
              .formatted("%,d".formatted(looked.get()), Units.plural(all, "object")));
    }
  }

  private void lookAt(ObjectEntry object, boolean withGrants) {
    String attempted = "read " + source.uri(object.key());
    try {
      GetObjectResponse answer = source.ask(attempted, s3 -> firstByte(s3, object));
      note(object, answer);
      if (withGrants) {
        grants.lookAt(object);
      }
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        refuseWhereListed(object);
        return;
      }
      if (e.statusCode() == 416) {
        return; // replaced meanwhile
      }
      if (isOfCustomersKey(e)) {
        refuse(
            object,
            "It is encrypted with a key that its writer keeps (SSE-C), so it cannot be read.",
            "Copy it to an object that is encrypted in another way, or move it out of the prefix.");
        return;
      }
      MigrationException failure = ObjectStorageFailures.translate(attempted, e);
      if (failure.type() == FailureType.STORE_ERROR) {
        throw failure;
      }
      refuse(object, failure);
    }
  }

  /** Some servers go on listing what was deleted in a bucket that keeps versions. */
  private void refuseWhereListed(ObjectEntry object) {
    boolean isListed =
        source
            .call(
                "list " + source.uri(object.key()),
                s3 ->
                    s3.listObjectsV2(
                        list ->
                            list.bucket(source.bucket())
                                .prefix(object.key())
                                .encodingType(EncodingType.URL)
                                .maxKeys(1)))
            .contents()
            .stream()
            .anyMatch(listed -> listed.key().equals(object.key()));
    if (isListed && source.find(object.key()).isEmpty()) {
      refuse(
          object,
          "The server lists it and answers that it does not exist. Its latest version may be a delete marker.",
          "Delete its versions and delete markers: aws s3api list-object-versions shows them.");
    }
  }

  private GetObjectResponse firstByte(
      software.amazon.awssdk.services.s3.S3Client s3, ObjectEntry object) {
    return s3.getObject(
            get -> {
              get.bucket(source.bucket()).key(object.key());
              if (object.size() > 0) {
                get.range("bytes=0-0");
              }
            },
            ResponseTransformer.toBytes())
        .response();
  }

  private void note(ObjectEntry object, GetObjectResponse answer) {
    try {
      var unused = ObjectAttributes.of(source.uri(object.key()), answer);
    } catch (MigrationException e) {
      refuse(object, e);
    }
    if (ObjectLock.of(answer).isSet()) {
      locked.incrementAndGet();
    } else if (source.locksObjects()
        && source.find(object.key()).filter(head -> ObjectLock.of(head).isSet()).isPresent()) {
      lockedUntold.incrementAndGet();
    }
    ServerSideEncryption encryption = answer.serverSideEncryption();
    if (encryption != null && encryption != ServerSideEncryption.AES256) {
      withKmsKey.incrementAndGet();
    }
  }

  /** S3 answers 400 to who does not send the key. */
  private static boolean isOfCustomersKey(S3Exception e) {
    @Nullable String message =
        e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    return e.statusCode() == 400
        && message != null
        && (message.contains("Server Side Encryption") || message.contains("SSE"));
  }

  private void refuse(ObjectEntry object, MigrationException failure) {
    refuse(
        Refusal.of(
            StoreName.OBJECT_STORAGE,
            source.uri(object.key()),
            String.valueOf(failure.getMessage()),
            "Move it out of the prefix."));
  }

  private void refuse(ObjectEntry object, String reason, String remedy) {
    refuse(new Refusal(StoreName.OBJECT_STORAGE, source.uri(object.key()), reason, remedy));
  }

  private synchronized void refuse(Refusal refusal) {
    refused++;
    if (refused <= NAMED) {
      notes.refuse(refusal);
    }
  }

  private void noteWhatStays() {
    if (refused > NAMED) {
      notes.refuse(
          source.location().uri(),
          "There are %d more objects that cannot be read or written again."
              .formatted(refused - NAMED),
          "Fix those that are named first, then repeat the plan.");
    }
    String uri = source.location().uri();
    new SampleCount(lockedUntold.get(), looked.get(), all)
        .leave(
            notes,
            uri,
            "Object Lock: the retention and the legal hold of objects",
            " do not move if they have at most %d MiB, as the source's server does not tell them where content is read."
                .formatted(PartLayout.WHOLE_LIMIT >> 20),
            "Set them on the dedicated side after the cutover.");
    new SampleCount(withKmsKey.get(), looked.get(), all)
        .leave(
            notes,
            uri,
            "Encryption with a KMS key",
            " does not move; the dedicated bucket's default encryption holds for the copies.",
            "Set the dedicated bucket's default encryption before the migration.");
    new SampleCount(grants.count(), grants.looked(), all)
        .leave(
            notes,
            uri,
            "Access lists (ACL) with grants to others than the owner",
            " do not move; the copies are their owner's alone.",
            "Grant access to the dedicated bucket with a policy.");
  }

  /** How many are under a retention or a legal hold. */
  SampleCount locked() {
    return new SampleCount(locked.get(), looked.get(), all);
  }

  /** What the source's key may not read, which may therefore stay behind without a word. */
  List<String> hidden() {
    List<String> hidden = new ArrayList<>();
    if (grants.areHidden()) {
      hidden.add("access lists (s3:GetObjectAcl)");
    }
    BucketLock bucket = BucketLock.of(source);
    if (bucket.state() == BucketLock.State.UNKNOWN) {
      hidden.add("Object Lock (s3:GetBucketObjectLockConfiguration)");
    } else if (bucket.state() == BucketLock.State.ENABLED
        && locked.get() == 0
        && mayNotReadLock()) {
      hidden.add("retentions and legal holds (s3:GetObjectRetention, s3:GetObjectLegalHold)");
    }
    return hidden;
  }

  /** A read says nothing of a lock where the key lacks this right. */
  private boolean mayNotReadLock() {
    String key = objects.get(0).key();
    try {
      var unused =
          source.ask(
              "read the retention of " + source.uri(key),
              s3 -> s3.getObjectRetention(get -> get.bucket(source.bucket()).key(key)));
      return false;
    } catch (S3Exception e) {
      return ObjectStorageFailures.isDenied(e);
    }
  }
}
