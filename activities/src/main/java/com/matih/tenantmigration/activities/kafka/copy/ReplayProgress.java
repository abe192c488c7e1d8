package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.atomic.AtomicLong;

/** Adds up how far the work on all partitions is; safe for use by several threads. */
public final class ReplayProgress {

  private final AtomicLong done = new AtomicLong();
  private final long total;
  private final String verb;

  /**
   * Begins at nothing.
   *
   * @param total how many records of the shared topics have to be looked at
   * @param verb what is done to them, such as {@code replaying}
   */
  public ReplayProgress(long total, String verb) {
    this.total = total;
    this.verb = verb;
  }

  /** Notes that so many more records were looked at. */
  public void advance(ProgressMonitor monitor, long records, String topic) {
    monitor.update(
        new Progress(done.addAndGet(records), total, "records", "%s %s".formatted(verb, topic)));
  }
}
