package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts all names into stretches that are listed side by side. */
final class Stretches {

  private Stretches() {}

  /**
   * The stretches, in the order of their names.
   *
   * @param cuts where the record can be taken up, in the order of the names
   * @param concurrency how many may be listed at the same time
   */
  static List<ObjectRecord.Stretch> of(List<ObjectRecord.Cut> cuts, int concurrency) {
    int count =
        Math.max(1, Math.min(Math.min(ObjectStores.MOST_LISTINGS, concurrency), cuts.size() + 1));
    List<ObjectRecord.Stretch> stretches = new ArrayList<>();
    int chunk = RecordChunk.FIRST;
    @Nullable String after = null;
    for (int i = 1; i < count; i++) {
      ObjectRecord.Cut cut = cuts.get(i * (cuts.size() + 1) / count - 1);
      stretches.add(new ObjectRecord.Stretch(chunk, new KeyRange(after, cut.after())));
      chunk = cut.id();
      after = cut.after();
    }
    stretches.add(new ObjectRecord.Stretch(chunk, new KeyRange(after, null)));
    return stretches;
  }
}
