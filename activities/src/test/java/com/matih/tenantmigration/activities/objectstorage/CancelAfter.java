package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A monitor that asks to stop once a number of objects is done. */
final class CancelAfter implements ProgressMonitor {

  private final long objects;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();

  CancelAfter(long objects) {
    this.objects = objects;
  }

  @Override
  public void update(Progress progress) {
    if (progress.done() >= objects && cancelled.compareAndSet(false, true)) {
      actions.forEach(Runnable::run);
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled.get();
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled.get()) {
      throw new MigrationException(FailureType.CANCELLED, "The work was asked to stop.");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    actions.add(action);
    return () -> actions.remove(action);
  }
}
