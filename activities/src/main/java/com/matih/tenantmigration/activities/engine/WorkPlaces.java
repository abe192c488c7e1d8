package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many pieces of work that hold megabytes of the heap, such as the replay of a
 * partition, go on in this process at the same time.
 *
 * <p>Each engine has one place of its own, so that it gets on whatever other tenants do; the
 * worker's slots bound how many engines there are. Any further place is one of those that the
 * process has to spare, and is given back after each piece, first come, first served: a large
 * tenant works on many pieces at a time while it is alone, and on fewer when there are others.
 */
public final class WorkPlaces {

  /** What a piece holds at most, as a rule. */
  private static final long BYTES_A_PIECE = 16L * 1024 * 1024;

  private static final long LOOK_FOR_CANCEL_MILLIS = 200;

  private static final Semaphore SPARE =
      new Semaphore(spare(Runtime.getRuntime().maxMemory()), true);

  private final Semaphore own = new Semaphore(1);
  private final Semaphore spare;

  private WorkPlaces(Semaphore spare) {
    this.spare = spare;
  }

  /** The places of one engine's work; several may be at work with the same. */
  public static WorkPlaces ofThisProcess() {
    return new WorkPlaces(SPARE);
  }

  /** The same with other places to spare than those of the process. */
  static WorkPlaces sharing(Semaphore spare) {
    return new WorkPlaces(spare);
  }

  /** A quarter of the heap is for them. */
  static int spare(long heap) {
    return Math.toIntExact(Math.min(1_000, heap / 4 / BYTES_A_PIECE));
  }

  /**
   * Waits for a place.
   *
   * @throws MigrationException of type CANCELLED where the monitor says so meanwhile
   */
  public Place take(ProgressMonitor monitor) {
    try {
      while (true) {
        monitor.throwIfCancelled();
        if (own.tryAcquire()) {
          return own::release;
        }
        if (spare.tryAcquire(LOOK_FOR_CANCEL_MILLIS, TimeUnit.MILLISECONDS)) {
          return spare::release;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e);
    }
  }

  /** A place that is given back at the end of its block. */
  public interface Place extends AutoCloseable {
    @Override
    void close();
  }
}
