package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.workflow.report.Progress;

/** Lets others go on while a copy stands still. */
public final class FrozenAfterTheFirstObject implements ProgressMonitor {

  private final Runnable meanwhile;

  public FrozenAfterTheFirstObject(Runnable meanwhile) {
    this.meanwhile = meanwhile;
  }

  /** Long enough for a copy that thaws to look around. */
  public static void standStill() {
    try {
      Thread.sleep(ObjectCopier.LONGEST_UNAWARE.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void update(Progress progress) {
    if (progress.done() == 1) {
      meanwhile.run();
    }
  }

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
