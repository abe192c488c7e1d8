package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks over a stretch of the record in the order of the names, one chunk in memory at a time. */
public final class RecordWalk implements Iterator<RecordWalk.Step> {

  private final ObjectRecord record;
  private final @Nullable String end;
  private Iterator<RecordedObject> objects = Collections.emptyIterator();
  private int chunk;
  private int next;
  private @Nullable Step ahead;

  RecordWalk(ObjectRecord record, ObjectRecord.Stretch stretch) {
    this.record = record;
    this.end = stretch.names().upTo();
    this.next = stretch.firstChunk();
  }

  /**
   * An object, and where it is recorded.
   *
   * @param chunk the id of the chunk
   */
  public record Step(int chunk, RecordedObject object) {}

  @Override
  public boolean hasNext() {
    while (ahead == null && !objects.hasNext() && next != RecordChunk.NONE) {
      RecordChunk read = record.read(next);
      chunk = read.id();
      objects = read.objects().iterator();
      next = Objects.equals(read.range().upTo(), end) ? RecordChunk.NONE : read.next();
    }
    return ahead != null || objects.hasNext();
  }

  @Override
  public Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Step step = ahead == null ? new Step(chunk, objects.next()) : ahead;
    ahead = null;
    return step;
  }

  /**
   * Looks for a name; the names that are looked for must not go back.
   *
   * @return what is recorded under it
   */
  public Optional<RecordedObject> find(String name) {
    while (hasNext()) {
      Step step = next();
      int order = KeyOrder.INSTANCE.compare(step.object().name(), name);
      if (order >= 0) {
        ahead = step;
        return order == 0 ? Optional.of(step.object()) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
