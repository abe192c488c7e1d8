package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Does many things side by side; the first failure, or a cancel, interrupts what is going on, and
 * nothing is left running when the call returns.
 */
public final class ParallelWork<T> {

  private final Queue<T> items;
  private final ProgressMonitor monitor;
  private final IntFunction<Worker<T>> workers;
  private final Collection<Worker<T>> working = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  private ParallelWork(
      Collection<T> items, ProgressMonitor monitor, IntFunction<Worker<T>> workers) {
    this.items = new ConcurrentLinkedQueue<>(items);
    this.monitor = monitor;
    this.workers = workers;
  }

  /** Does one thing after the other, over connections of its own. */
  public interface Worker<T> extends AutoCloseable {

    void work(T item);

    /** Makes {@link #work} fail soon; called from another thread. */
    void interrupt();

    @Override
    void close();
  }

  /**
   * Does everything.
   *
   * @param name what the threads are called
   * @param workers makes a worker from its number, which counts from 1
   */
  public static <T> void run(
      Collection<T> items,
      int parallelism,
      ProgressMonitor monitor,
      String name,
      IntFunction<Worker<T>> workers) {
    new ParallelWork<>(items, monitor, workers)
        .run(Math.max(1, Math.min(parallelism, items.size())), name);
  }

  private void run(int threads, String name) {
    Map<String, String> logContext = MDC.getCopyOfContextMap();
    List<Thread> started = new ArrayList<>();
    for (int i = 1; i <= threads; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                if (logContext != null) {
                  MDC.setContextMap(logContext);
                }
                work(number);
              },
              name + "-" + number);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    join(started);
    monitor.throwIfCancelled();
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  private void work(int number) {
    try (WorkScope scope = WorkScope.enter(monitor);
        Worker<T> worker = workers.apply(number)) {
      working.add(worker);
      try (ProgressMonitor.Registration registration = monitor.onCancel(worker::interrupt)) {
        for (T item = next(); item != null; item = next()) {
          worker.work(item);
        }
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private @Nullable T next() {
    return failure.get() == null && !monitor.isCancelled() ? items.poll() : null;
  }

  private void fail(RuntimeException e) {
    if (failure.compareAndSet(null, e)) {
      working.forEach(Worker::interrupt);
    }
  }

  private void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
