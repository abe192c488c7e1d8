package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Runs tasks on a bounded number of threads, with a bounded number waiting. The first task that
 * fails, or a cancel, stops all others; after {@link #close} none is running.
 */
public final class WorkerPool implements AutoCloseable {

  private static final long POLL_MILLIS = 500;

  private final ThreadPoolExecutor threads;
  private final Semaphore places;
  private final int placeCount;
  private final ProgressMonitor monitor;
  private final ProgressMonitor.Registration onCancel;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  public WorkerPool(String name, int size, ProgressMonitor monitor) {
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, name + "-" + count.incrementAndGet()));
    this.placeCount = 2 * size;
    this.places = new Semaphore(placeCount);
    this.monitor = monitor;
    this.onCancel = monitor.onCancel(threads::shutdownNow);
  }

  /**
   * Takes a task, after a wait where as many as threads are waiting already.
   *
   * @throws RuntimeException what an earlier task threw, or CANCELLED
   */
  public void submit(Runnable task) {
    takePlaces(1);
    Map<String, String> context = MDC.getCopyOfContextMap();
    try {
      threads.execute(() -> runInPlace(task, context));
    } catch (RejectedExecutionException e) {
      places.release();
      throwIfStopped();
      throw new IllegalStateException("a task after the end", e);
    }
  }

  /**
   * Waits until all tasks are done.
   *
   * @throws RuntimeException what a task threw, or CANCELLED
   */
  public void awaitAll() {
    takePlaces(placeCount);
    places.release(placeCount);
    throwIfStopped();
  }

  private void takePlaces(int count) {
    try {
      do {
        throwIfStopped();
      } while (!places.tryAcquire(count, POLL_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.WORKER_STOPPING, "The work on objects was interrupted.", e);
    }
  }

  private void runInPlace(Runnable task, @Nullable Map<String, String> context) {
    if (context != null) {
      MDC.setContextMap(context);
    }
    try (WorkScope scope = WorkScope.enter(monitor)) {
      task.run();
    } catch (Throwable e) {
      // the first failure is the one that counts: the others are mostly its interrupts
      if (failure.compareAndSet(null, e)) {
        threads.shutdownNow();
      }
    } finally {
      places.release();
      MDC.clear();
    }
  }

  private void throwIfStopped() {
    monitor.throwIfCancelled();
    Throwable first = failure.get();
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Interrupts what still runs and waits for its end, which the client's timeouts bound. */
  @Override
  public void close() {
    onCancel.close();
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        var unused = threads.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
