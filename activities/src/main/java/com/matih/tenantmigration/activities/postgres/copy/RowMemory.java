package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Bounds the memory of large rows that are on their way at the same time, of all tenants of this
 * process. Who copies takes room for its largest row at once and gives it back when done, so nobody
 * waits while holding.
 */
final class RowMemory {

  private static final int UNIT = 4096;
  private static final int SHARE_OF_HEAP = 4;
  private static final long LOOK_MILLIS = 200;

  private static final RowMemory OF_THIS_PROCESS =
      new RowMemory(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

  private final int units;
  private final Semaphore free;

  RowMemory(long bytes) {
    this.units = Math.toIntExact(Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT)));
    this.free = new Semaphore(units, true);
  }

  static RowMemory ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /** Room that is given back at the end of its block. */
  interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits until there is room.
   *
   * @param isInterrupted whether to give up waiting
   * @throws MigrationException of type CANCELLED where it was given up
   */
  Lease take(long bytes, BooleanSupplier isInterrupted) {
    int needed = Math.toIntExact(Math.min(units, bytes / UNIT + 1));
    try {
      while (!free.tryAcquire(needed, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (isInterrupted.getAsBoolean()) {
          throw new MigrationException(FailureType.CANCELLED, "The copy was cancelled.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "The copy was cancelled.", e);
    }
    return () -> free.release(needed);
  }

  /** How many bytes are free now. */
  long freeBytes() {
    return (long) free.availablePermits() * UNIT;
  }
}
