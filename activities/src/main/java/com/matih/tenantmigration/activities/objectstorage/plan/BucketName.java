package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.regex.Pattern;

/** Judges the name of a bucket that is to be created, by the rules of S3's manual. */
final class BucketName {

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern LIKE_AN_ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private BucketName() {}

  static void check(Location target, PlanNotes notes) {
    String name = target.bucket();
    if (!ALLOWED.matcher(name).matches()
        || name.contains("..")
        || LIKE_AN_ADDRESS.matcher(name).matches()) {
      notes.refuse(
          target.uri(),
          "%s does not exist and is not a valid bucket name.".formatted(name),
          "Use 3 to 63 lower-case letters, digits, dots and dashes.");
    }
  }
}
