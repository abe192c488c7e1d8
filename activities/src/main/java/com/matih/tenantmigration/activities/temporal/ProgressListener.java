package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.workflow.report.Progress;

/**
 * Learns how far an activity is while it works. An interceptor that wants to know puts an
 * activity's context in its place that is one. Called by several threads, as often as engines like:
 * it must be quick.
 */
public interface ProgressListener {

  /** So much was done before this attempt began. */
  void resumedAt(Progress progress);

  /** So much is done by now; of two values told at the same time, the smaller may come last. */
  void progressed(Progress progress);
}
