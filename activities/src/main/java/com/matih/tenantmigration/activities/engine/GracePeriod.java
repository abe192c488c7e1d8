package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;

/**
 * The monitor of what is tidied up after a cancel: it says to stop when a time is over. For waits
 * that look at it again and again; it interrupts nothing.
 */
public final class GracePeriod implements ProgressMonitor {

  private final long begin = System.nanoTime();
  private final Duration length;

  /** Begins now. */
  public GracePeriod(Duration length) {
    this.length = length;
  }

  @Override
  public void update(Progress progress) {}

  @Override
  public boolean isCancelled() {
    return System.nanoTime() - begin > length.toNanos();
  }

  @Override
  public void throwIfCancelled() {
    if (isCancelled()) {
      throw new MigrationException(
          FailureType.CANCELLED, "There was no answer within %d s.".formatted(length.toSeconds()));
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    return () -> {};
  }
}
