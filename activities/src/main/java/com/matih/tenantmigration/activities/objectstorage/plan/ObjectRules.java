package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.content.BucketTraits;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Tells which objects cannot be moved, naming the first ones of them. */
final class ObjectRules {

  /** S3's limit, in bytes of UTF-8. */
  private static final int LONGEST_KEY = 1024;

  private static final int NAMED = 20;

  private final ObjectStore source;
  private final Location target;
  private final PlanNotes notes;
  private final Map<String, Long> ofClass = new TreeMap<>();
  private int refused;

  ObjectRules(ObjectStore source, Location target, PlanNotes notes) {
    this.source = source;
    this.target = target;
    this.notes = notes;
  }

  /** Whether the object counts among those that move; one that cannot be moved does too. */
  boolean admits(ObjectEntry object) {
    if (object.name().isEmpty() && target.prefix().isEmpty()) {
      if (object.size() > 0) {
        refuse(
            object,
            "Its key is the prefix itself, so its key on the target would be empty.",
            "Give it another key, or the target a prefix.");
      } else {
        notes.leave(
            source.uri(object.key()),
            1,
            "Its key is the prefix itself: it only shows the tenant's folder, and its key on the target would be empty.",
            "Give the target a prefix if it is needed.");
      }
      return false;
    }
    if (object.size() > PartLayout.LARGEST_OBJECT) {
      refuse(
          object,
          "It is larger than %d GiB.".formatted(PartLayout.LARGEST_OBJECT >> 30),
          "Move it by hand, out of the prefix.");
    }
    if (BucketTraits.isArchived(object.storageClass())) {
      refuse(
          object,
          "It is archived in storage class %s.".formatted(object.storageClass()),
          "Copy it to a storage class that can be read immediately.");
    } else if (!object.storageClass().equals("STANDARD")) {
      ofClass.merge(object.storageClass(), 1L, Long::sum);
    }
    String key = target.prefix() + object.name();
    if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
      refuse(
          object,
          "Its key would be longer than %d bytes on the target.".formatted(LONGEST_KEY),
          "Give it a shorter key, or the target a shorter prefix.");
    }
    return true;
  }

  /** Tells of what may not move with the objects that move, after the last one. */
  void noteClasses() {
    ofClass.forEach(
        (storageClass, objects) ->
            notes.warn(
                source.location().uri(),
                "%s %s in storage class %s. So will the copies be if the dedicated server has that class; else they get the default one, and OBJECT_CHECKSUM says so."
                    .formatted(
                        Units.plural(objects, "object"),
                        objects == 1 ? "is" : "are",
                        storageClass)));
  }

  private void refuse(ObjectEntry object, String reason, String remedy) {
    refused++;
    if (refused <= NAMED) {
      notes.refuse(source.uri(object.key()), reason, remedy);
    } else if (refused == NAMED + 1) {
      notes.refuse(
          source.location().uri(),
          "There are more objects that cannot be moved.",
          "Fix these first, then repeat the plan.");
    }
  }
}
