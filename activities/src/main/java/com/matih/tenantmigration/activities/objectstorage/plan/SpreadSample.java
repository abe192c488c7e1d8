package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps objects from all over a listing whose length is not known beforehand: all of them while
 * there are few, then every second one, every fourth one and so on.
 */
final class SpreadSample {

  private final int most;
  private List<ObjectEntry> kept = new ArrayList<>();
  private long seen;
  private long stride = 1;

  SpreadSample(int most) {
    this.most = most;
  }

  void add(ObjectEntry object) {
    if (seen++ % stride != 0) {
      return;
    }
    if (kept.size() == most) {
      List<ObjectEntry> everySecond = new ArrayList<>();
      for (int i = 0; i < kept.size(); i += 2) {
        everySecond.add(kept.get(i));
      }
      kept = everySecond;
      stride *= 2;
      if ((seen - 1) % stride != 0) {
        return;
      }
    }
    kept.add(object);
  }

  List<ObjectEntry> objects() {
    return List.copyOf(kept);
  }
}
