package com.matih.tenantmigration.activities.objectstorage.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A listing without the object whose key is the prefix itself, which comes first if it is there.
 */
final class WithoutFolderMarker implements Iterator<ObjectEntry> {

  private final Iterator<ObjectEntry> all;
  private @Nullable ObjectEntry ahead;
  private boolean begun;

  WithoutFolderMarker(Iterator<ObjectEntry> all) {
    this.all = all;
  }

  @Override
  public boolean hasNext() {
    if (!begun) {
      begun = true;
      if (all.hasNext()) {
        ObjectEntry first = all.next();
        ahead = first.name().isEmpty() ? null : first;
      }
    }
    return ahead != null || all.hasNext();
  }

  @Override
  public ObjectEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ObjectEntry waiting = ahead;
    ahead = null;
    return waiting == null ? all.next() : waiting;
  }
}
