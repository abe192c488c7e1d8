package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.concurrent.Semaphore;

/**
 * Bounds the content that is in memory at the same time. Who needs content takes its whole size at
 * once and gives it back when done, so nobody waits while holding.
 */
public final class MemoryBudget {

  private static final int UNIT = 4096;
  private static final long SMALLEST = PartLayout.LARGEST_PART;
  private static final long LARGEST = 512L * PartLayout.MEBIBYTE;

  private static final MemoryBudget OF_THIS_PROCESS = ofHeap(Runtime.getRuntime().maxMemory());

  private final int units;
  private final Semaphore free;

  MemoryBudget(long bytes) {
    this.units = Math.toIntExact(bytes / UNIT);
    this.free = new Semaphore(units, true);
  }

  /** What the copies of all tenants in this process share, first come, first served. */
  public static MemoryBudget ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /** An eighth of the heap, but never less than the largest part. */
  private static MemoryBudget ofHeap(long heap) {
    return new MemoryBudget(Math.max(SMALLEST, Math.min(LARGEST, heap / 8)));
  }

  /** Waits until there is room. */
  public Lease take(int bytes) {
    int needed = Math.min(units, bytes / UNIT + 1);
    try {
      free.acquire(needed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.WORKER_STOPPING, "The copy of objects was interrupted.", e);
    }
    return () -> free.release(needed);
  }

  /** Room that is given back at the end of its block. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }
}
