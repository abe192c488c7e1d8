package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the rows that several workers pass on. */
final class RowProgress {

  private static final String ROWS = "rows";

  private final ProgressMonitor monitor;
  private final AtomicLong done;
  private final long total;

  RowProgress(ProgressMonitor monitor, long done, long total) {
    this.monitor = monitor;
    this.done = new AtomicLong(done);
    this.total = total;
  }

  /** Begins with the rows that have arrived; the total is the planner's estimate. */
  static RowProgress of(
      ProgressMonitor monitor, List<Chunk> pending, List<ChunkLedger.Arrived> arrived) {
    long done = arrived.stream().mapToLong(ChunkLedger.Arrived::rows).sum();
    long expected = pending.stream().mapToLong(Chunk::estimatedRows).sum();
    monitor.resumeAt(new Progress(done, done + expected, ROWS, "copying rows"));
    return new RowProgress(monitor, done, done + expected);
  }

  /** Counts rows of a table. */
  void add(long rows, String table) {
    long now = done.addAndGet(rows);
    monitor.update(new Progress(now, Math.max(now, total), ROWS, "copying " + table));
  }
}
