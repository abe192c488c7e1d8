package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins the record with a listing by name, in stretches side by side and in constant memory. */
final class RecordJoin {

  private final ObjectRecord record;
  private final List<ObjectRecord.Stretch> stretches;
  private final ProgressMonitor monitor;

  RecordJoin(ObjectRecord record, int concurrency, ProgressMonitor monitor) {
    this.record = record;
    this.stretches = Stretches.of(record.cuts(), concurrency);
    this.monitor = monitor;
  }

  /** The ranges that are listed; a chunk that is cut later leaves them as they are. */
  List<KeyRange> ranges() {
    return stretches.stream().map(ObjectRecord.Stretch::names).toList();
  }

  /** Takes what is under a name; at least one of the two has something. */
  interface Taker {

    /**
     * Takes it; called by several threads.
     *
     * @param chunk the id of a chunk that begins before the name
     */
    void take(int chunk, @Nullable RecordedObject recorded, @Nullable ObjectEntry listed);
  }

  /**
   * Joins.
   *
   * @param listing lists a range of names
   */
  void join(Function<KeyRange, Iterator<ObjectEntry>> listing, Taker taker) {
    try (WorkerPool pool = new WorkerPool("object-compare", stretches.size(), monitor)) {
      stretches.forEach(
          stretch -> pool.submit(() -> join(stretch, listing.apply(stretch.names()), taker)));
      pool.awaitAll();
    }
  }

  private void join(ObjectRecord.Stretch stretch, Iterator<ObjectEntry> listing, Taker taker) {
    RecordWalk recorded = new RecordWalk(record, stretch);
    int chunk = stretch.firstChunk();
    RecordWalk.@Nullable Step known = null;
    @Nullable ObjectEntry there = null;
    while (true) {
      if (known == null && recorded.hasNext()) {
        known = recorded.next();
      }
      if (there == null && listing.hasNext()) {
        there = listing.next();
      }
      if (known == null && there == null) {
        return;
      }
      int order = order(known, there);
      if (order <= 0 && known != null) {
        chunk = known.chunk();
      }
      taker.take(
          chunk, order <= 0 && known != null ? known.object() : null, order >= 0 ? there : null);
      known = order <= 0 ? null : known;
      there = order >= 0 ? null : there;
    }
  }

  private static int order(RecordWalk.@Nullable Step known, @Nullable ObjectEntry there) {
    if (known == null) {
      return 1;
    }
    return there == null ? -1 : KeyOrder.INSTANCE.compare(known.object().name(), there.name());
  }
}
