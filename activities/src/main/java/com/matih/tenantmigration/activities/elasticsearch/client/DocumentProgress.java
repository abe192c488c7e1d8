package com.matih.tenantmigration.activities.elasticsearch.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.atomic.AtomicLong;

/** Tells how many of the tenant's documents are copied, those of all indices together. */
public final class DocumentProgress {

  private final ProgressMonitor monitor;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  public DocumentProgress(ProgressMonitor monitor, long total) {
    this.monitor = monitor;
    this.total = total;
  }

  /** Adds documents that have arrived in an index; slices call it at the same time. */
  public void add(long documents, String index) {
    monitor.update(new Progress(done.addAndGet(documents), total, "documents", index));
  }
}
