package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the rows that several workers pass on. */
public final class RowProgress {

  private static final String ROWS = "rows";

  private final ProgressMonitor monitor;
  private final AtomicLong done;
  private final long total;

  public RowProgress(ProgressMonitor monitor, long done, long total) {
    this.monitor = monitor;
    this.done = new AtomicLong(done);
    this.total = total;
  }

  /**
   * Begins with the rows that have arrived.
   *
   * @param expected the planner's estimate for all ranges, also those that arrived: the total stays
   *     the same across a pause
   */
  public static RowProgress of(
      ProgressMonitor monitor, long expected, List<ChunkLedger.Arrived> arrived) {
    long done = arrived.stream().mapToLong(ChunkLedger.Arrived::rows).sum();
    long total = Math.max(done, expected);
    monitor.resumeAt(new Progress(done, total, ROWS, "copying rows"));
    return new RowProgress(monitor, done, total);
  }

  /** Counts rows of a table. */
  public void add(long rows, String table) {
    long now = done.addAndGet(rows);
    monitor.update(new Progress(now, Math.max(now, total), ROWS, "copying " + table));
  }
}
