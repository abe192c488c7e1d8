package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A monitor that makes a store turn writes away for a moment, once the first ones are done. */
final class BusyMoment implements ProgressMonitor {

  private static final long MILLIS = 700;

  private final Runnable begin;
  private final Runnable end;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();

  BusyMoment(Runnable begin, Runnable end) {
    this.begin = begin;
    this.end = end;
  }

  boolean isOver() {
    return over.get();
  }

  @Override
  public void update(Progress progress) {
    if (begun.compareAndSet(false, true)) {
      begin.run();
      var unused =
          CompletableFuture.runAsync(
              () -> {
                end.run();
                over.set(true);
              },
              CompletableFuture.delayedExecutor(MILLIS, TimeUnit.MILLISECONDS));
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
