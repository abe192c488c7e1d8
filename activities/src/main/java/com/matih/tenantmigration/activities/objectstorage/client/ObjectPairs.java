package com.matih.tenantmigration.activities.objectstorage.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Joins two listings by name in one walk over both, in constant memory. */
public final class ObjectPairs implements Iterator<ObjectPairs.Pair> {

  private final Iterator<ObjectEntry> source;
  private final Iterator<ObjectEntry> target;
  private @Nullable ObjectEntry nextSource;
  private @Nullable ObjectEntry nextTarget;

  ObjectPairs(Iterator<ObjectEntry> source, Iterator<ObjectEntry> target) {
    this.source = source;
    this.target = target;
  }

  /** What both sides hold under one name; at least one of them holds something. */
  public record Pair(@Nullable ObjectEntry source, @Nullable ObjectEntry target) {}

  @Override
  public boolean hasNext() {
    if (nextSource == null && source.hasNext()) {
      nextSource = source.next();
    }
    if (nextTarget == null && target.hasNext()) {
      nextTarget = target.next();
    }
    return nextSource != null || nextTarget != null;
  }

  @Override
  public Pair next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int order = order();
    Pair pair = new Pair(order <= 0 ? nextSource : null, order >= 0 ? nextTarget : null);
    if (order <= 0) {
      nextSource = null;
    }
    if (order >= 0) {
      nextTarget = null;
    }
    return pair;
  }

  private int order() {
    if (nextSource == null) {
      return 1;
    }
    if (nextTarget == null) {
      return -1;
    }
    return KeyOrder.INSTANCE.compare(nextSource.name(), nextTarget.name());
  }
}
