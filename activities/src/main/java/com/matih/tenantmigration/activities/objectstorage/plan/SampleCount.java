package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.report.LeftBehind;

/**
 * How many of the objects that were looked at have something.
 *
 * @param looked how many were looked at
 * @param all how many there are
 */
record SampleCount(long count, long looked, long all) {

  boolean isNone() {
    return count == 0;
  }

  /** The count, and of how many; to follow what is counted. */
  String inWords() {
    return looked < all
        ? " (%,d of the %,d objects that were looked at)".formatted(count, looked)
        : "";
  }

  /** Lists it, if it is any; the count of a sample is not that of all. */
  void leave(PlanNotes notes, String object, String what, String reason, String remedy) {
    if (!isNone()) {
      notes.leave(
          object, looked < all ? LeftBehind.UNKNOWN : count, what + inWords() + reason, remedy);
    }
  }
}
