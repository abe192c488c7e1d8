package com.matih.tenantmigration.activities.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which work a thread does at the moment, so that whatever it opens ends with a cancel of that work
 * without each place having to think of it.
 *
 * <p>Who runs an engine enters the scope, and so does each thread that works for it. What is opened
 * outside of any scope, as by {@code restore}, ends by itself alone.
 */
public final class WorkScope implements AutoCloseable {

  private static final ThreadLocal<@Nullable ProgressMonitor> CURRENT = new ThreadLocal<>();

  private final @Nullable ProgressMonitor former;

  private WorkScope(@Nullable ProgressMonitor former) {
    this.former = former;
  }

  /** Has this thread work for the monitor until the scope is closed, by the same thread. */
  public static WorkScope enter(ProgressMonitor monitor) {
    WorkScope scope = new WorkScope(CURRENT.get());
    CURRENT.set(monitor);
    return scope;
  }

  /**
   * The monitor of the work that this thread does; one that never says to stop where there is none.
   */
  public static ProgressMonitor current() {
    ProgressMonitor monitor = CURRENT.get();
    return monitor == null ? ProgressMonitor.unmonitored() : monitor;
  }

  @Override
  public void close() {
    if (former == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(former);
    }
  }
}
