package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.report.Progress;

/** See {@link ProgressMonitor#unmonitored}. */
enum Unmonitored implements ProgressMonitor {
  INSTANCE;

  @Override
  public void update(Progress progress) {}

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void throwIfCancelled() {}

  @Override
  public Registration onCancel(Runnable action) {
    return () -> {};
  }
}
