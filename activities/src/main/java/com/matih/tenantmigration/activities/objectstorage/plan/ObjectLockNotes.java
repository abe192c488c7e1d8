package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.objectstorage.client.BucketLock;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;

/** What the plan says of Object Lock: where it is kept, and what that means for a rollback. */
final class ObjectLockNotes {

  private static final String REMEDY =
      "Create the dedicated bucket with Object Lock before the migration, or set a default retention after the cutover.";

  private ObjectLockNotes() {}

  /** Notes what a bucket does not keep that the migration creates. */
  static void ofNewBucket(ObjectStorageSpec spec, SampleCount locked, PlanNotes notes) {
    leave(spec, locked, "the dedicated bucket is created without Object Lock", REMEDY, notes);
  }

  /** Notes what an existing bucket keeps, and what it does not. */
  static void ofBucket(
      ObjectStorageSpec spec, BucketLock bucket, SampleCount locked, PlanNotes notes) {
    switch (bucket.state()) {
      case DISABLED ->
          leave(spec, locked, "the dedicated bucket has no Object Lock", REMEDY, notes);
      case UNKNOWN ->
          leave(
              spec,
              locked,
              "the target's access key may not read whether the dedicated bucket has Object Lock",
              "Grant it s3:GetBucketObjectLockConfiguration, s3:PutObjectRetention and s3:PutObjectLegalHold.",
              notes);
      case ENABLED -> {
        if (!locked.isNone()) {
          notes.warn(
              spec.target().uri(),
              "%s%s under a retention or legal hold, and so will their copies be: after a rollback nobody can remove these versions before the retention ends."
                  .formatted(
                      locked.looked() < locked.all()
                          ? "Objects" + locked.inWords()
                          : Units.plural(locked.count(), "object"),
                      locked.count() == 1 ? " is" : " are"));
        }
      }
    }
    if (bucket.defaultRetention() != null) {
      notes.warn(
          spec.target().uri(),
          "The target's bucket gives each new object a retention (%s): after a rollback nobody can remove the copies before it ends, nor the older copies of objects that change while they are followed. Set the default retention after the cutover if the tenant's objects do not need it before."
              .formatted(bucket.defaultRetention()));
    }
  }

  private static void leave(
      ObjectStorageSpec spec, SampleCount locked, String why, String remedy, PlanNotes notes) {
    locked.leave(
        notes,
        spec.source().uri(),
        "Object Lock: the retention and the legal hold of objects",
        " do not move, as " + why + "; the copies can be deleted.",
        remedy);
  }
}
