package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import java.util.List;

/**
 * A part of the record: the objects of one range of names.
 *
 * @param id under which the chunk is kept; its range's beginning never changes
 * @param next the id of the chunk that begins where this one ends, or {@link #NONE}
 * @param objects in the order of their names
 */
record RecordChunk(int id, KeyRange range, int next, List<RecordedObject> objects) {

  /** The chunk that begins before all names. */
  static final int FIRST = 0;

  static final int NONE = -1;

  RecordChunk {
    objects = List.copyOf(objects);
  }

  /** What the record is before the first pass. */
  static RecordChunk empty() {
    return new RecordChunk(FIRST, KeyRange.ALL, NONE, List.of());
  }

  RecordChunk with(List<RecordedObject> others) {
    return new RecordChunk(id, range, next, others);
  }

  /** This chunk up to a name, where what comes after it is in another one. */
  RecordChunk endingAt(String name, int right) {
    return new RecordChunk(id, new KeyRange(range.after(), name), right, objects);
  }

  /** The chunk that takes what comes after that name. */
  RecordChunk from(String name, int ownId, List<RecordedObject> right) {
    return new RecordChunk(ownId, new KeyRange(name, range.upTo()), next, right);
  }
}
