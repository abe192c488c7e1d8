package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import java.time.Duration;

/** Waits on purpose, which is no sign that the work got stuck. */
final class Rest {

  private static final Duration SLICE = Duration.ofSeconds(1);

  private Rest() {}

  static void of(Duration length, ProgressMonitor monitor) {
    Duration left = length;
    while (left.compareTo(SLICE) > 0) {
      monitor.pause(SLICE);
      monitor.moved();
      left = left.minus(SLICE);
    }
    monitor.pause(left);
    monitor.moved();
  }
}
