package com.matih.tenantmigration.activities.engine;

import org.jspecify.annotations.Nullable;

/**
 * One piece of work of a thread that may be interrupted from outside, and nothing else that the
 * thread does: an interrupt that comes when the work has ended has no effect, and one that the work
 * did not notice is taken back at its end.
 */
public final class InterruptibleWork implements AutoCloseable {

  private @Nullable Thread thread = Thread.currentThread();
  private boolean interrupted;

  private InterruptibleWork() {}

  /** What this thread does from now until it closes this. */
  public static InterruptibleWork ofThisThread() {
    return new InterruptibleWork();
  }

  /** Interrupts the work where it still goes on; safe to call from any thread. */
  public synchronized void interrupt() {
    Thread working = thread;
    if (working != null) {
      interrupted = true;
      working.interrupt();
    }
  }

  /** The work's stack, for the log; empty where it has ended. */
  public synchronized StackTraceElement[] stack() {
    Thread working = thread;
    return working == null ? new StackTraceElement[0] : working.getStackTrace();
  }

  @Override
  public synchronized void close() {
    thread = null;
    if (interrupted) {
      var unused = Thread.interrupted();
    }
  }
}
