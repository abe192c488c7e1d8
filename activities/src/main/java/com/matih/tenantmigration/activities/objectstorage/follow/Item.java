package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.follow.SourceListing.Listed;
import org.jspecify.annotations.Nullable;

/**
 * A name with what the source and the record have under it; at least one of them has something.
 *
 * @param isToCopyAgain whether it is copied also where it seems to be unchanged
 */
record Item(
    String name,
    @Nullable Listed source,
    @Nullable RecordedObject recorded,
    boolean isToCopyAgain) {

  boolean isGone() {
    return source == null;
  }

  boolean isUnchanged() {
    return !isToCopyAgain
        && source != null
        && recorded != null
        && recorded.mayStay(source.object());
  }
}
