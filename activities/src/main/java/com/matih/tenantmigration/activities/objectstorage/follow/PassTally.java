package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.follow.SourceListing.Listed;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.function.LongFunction;

/** Counts what a pass finds. */
final class PassTally {

  private final ProgressMonitor monitor;
  private final LongFunction<Progress> progress;
  private long objects;
  private long bytes;
  private long changes;

  /**
   * @param progress what is told of a number of objects that were passed
   */
  PassTally(ProgressMonitor monitor, LongFunction<Progress> progress) {
    this.monitor = monitor;
    this.progress = progress;
  }

  synchronized void found(Item item) {
    if (!item.isUnchanged()) {
      changes++;
    }
    Listed source = item.source();
    if (source != null) {
      objects++;
      bytes += source.object().size();
      monitor.update(progress.apply(objects));
    }
  }

  /** Counts an object of which nothing had changed but metadata or tags. */
  synchronized void changedMetadata() {
    changes++;
  }

  synchronized ObjectPass.Result result(Duration took) {
    return new ObjectPass.Result(objects, bytes, changes, took);
  }
}
