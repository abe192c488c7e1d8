package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs tasks side by side on a bounded number of threads:
 *
 * <ul>
 *   <li>At most as many tasks wait as run; {@link #submit} blocks when there are more.
 *   <li>The first task that fails, or a cancel, stops all: no other begins, their threads are
 *       interrupted, and what they registered with their monitor runs.
 *   <li>That first failure is thrown; it is CANCELLED where the work was cancelled.
 *   <li>After {@link #close} no task is running; one that does not stop is logged, with its stack.
 *   <li>A task works in a {@link WorkScope}, whose monitor says to stop with the other tasks, and
 *       logs with the context of whoever submitted it.
 * </ul>
 */
public final class WorkerPool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

  /** How many tasks that hold megabytes run at a time. */
  private static final int LARGE_TASKS = 4;

  private static final long POLL_MILLIS = 500;
  private static final int PATIENCE_SECONDS = 30;

  private final String name;
  private final List<Thread> made = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor threads;
  private final Semaphore places;
  private final int placeCount;
  private final Shared monitor;
  private final ProgressMonitor.Registration onCancel;

  /**
   * A pool of the caller's own.
   *
   * @param name what the threads are called, before a number
   * @param size how many there are at most
   */
  public WorkerPool(String name, int size, ProgressMonitor monitor) {
    this.name = name;
    this.threads =
        new ThreadPoolExecutor(
            size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    this.placeCount = 2 * size;
    this.places = new Semaphore(placeCount);
    this.monitor = new Shared(monitor);
    this.onCancel = monitor.onCancel(this::stop);
  }

  /** Does one thing after the other, over connections of its own. */
  public interface Worker<T> extends AutoCloseable {

    void work(T item);

    @Override
    void close();
  }

  /**
   * Works through all items by several workers, each of which takes the next item that is left.
   *
   * @param workers makes a worker from its number, which counts from 1, on the worker's own thread
   */
  public static <T> void workThrough(
      String name,
      int size,
      ProgressMonitor monitor,
      Collection<T> items,
      IntFunction<? extends Worker<T>> workers) {
    Queue<T> left = new ConcurrentLinkedQueue<>(items);
    try (WorkerPool pool = new WorkerPool(name, size, monitor)) {
      for (int i = 1; i <= Math.min(size, items.size()); i++) {
        int number = i;
        pool.submit(
            () -> {
              try (Worker<T> worker = workers.apply(number)) {
                for (T item = left.poll(); item != null; item = left.poll()) {
                  pool.monitor.throwIfCancelled();
                  worker.work(item);
                }
              }
            });
      }
      pool.awaitAll();
    }
  }

  /**
   * Runs two tasks at once, the second on the caller's thread.
   *
   * @param name what the other thread is called, before a number
   */
  public static <A, B, R> R both(
      String name,
      ProgressMonitor monitor,
      Supplier<A> first,
      Supplier<B> second,
      BiFunction<A, B, R> answer) {
    AtomicReference<A> ofFirst = new AtomicReference<>();
    try (WorkerPool pool = new WorkerPool(name, 1, monitor)) {
      pool.submit(() -> ofFirst.set(first.get()));
      B ofSecond = second.get();
      pool.awaitAll();
      return answer.apply(ofFirst.get(), ofSecond);
    }
  }

  /**
   * Runs tasks that hold megabytes each: a few at a time, and no more than {@link WorkPlaces} has
   * room for.
   *
   * @param tasks each is given the monitor that says when it must stop
   * @return their answers, in the tasks' order
   */
  public static <T> List<T> callAll(
      String name, ProgressMonitor monitor, List<Function<ProgressMonitor, T>> tasks) {
    WorkPlaces placesInMemory = WorkPlaces.ofThisProcess();
    Map<Integer, T> answers = new ConcurrentSkipListMap<>();
    try (WorkerPool pool = new WorkerPool(name, LARGE_TASKS, monitor)) {
      for (int i = 0; i < tasks.size(); i++) {
        int number = i;
        pool.submit(
            () -> {
              try (WorkPlaces.Place place = placesInMemory.take(pool.monitor)) {
                answers.put(number, tasks.get(number).apply(pool.monitor));
              }
            });
      }
      pool.awaitAll();
    }
    return List.copyOf(answers.values());
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
      monitor.throwIfStopped();
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
    monitor.throwIfStopped();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + (made.size() + 1));
    thread.setDaemon(true);
    made.add(thread);
    return thread;
  }

  private void takePlaces(int count) {
    try {
      do {
        monitor.throwIfStopped();
      } while (!places.tryAcquire(count, POLL_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.WORKER_STOPPING, "The work was interrupted (%s).".formatted(name), e);
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
      if (monitor.failure.compareAndSet(null, e)) {
        stop();
      }
    } finally {
      places.release();
      MDC.clear();
    }
  }

  private void stop() {
    var unused = threads.shutdownNow();
    monitor.interruptions.begin();
  }

  /** Stops what still runs and waits for its end: a writer that is left behind would write on. */
  @Override
  public void close() {
    onCancel.close();
    stop();
    boolean interrupted = false;
    for (int seconds = 1; !threads.isTerminated(); seconds++) {
      try {
        var unused = threads.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (seconds == PATIENCE_SECONDS) {
        made.forEach(WorkerPool::tell);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Thread thread) {
    if (thread.isAlive()) {
      log.error(
          "{} did not stop within {} s and is waited for, at {}",
          thread.getName(),
          PATIENCE_SECONDS,
          Arrays.toString(thread.getStackTrace()));
    }
  }

  /** The monitor of all tasks: it says to stop also where one of them has failed. */
  private static final class Shared extends ProgressMonitor.Forwarding {

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Interruptions interruptions = new Interruptions();

    Shared(ProgressMonitor outer) {
      super(outer);
    }

    /** What the pool's caller is thrown. */
    void throwIfStopped() {
      super.throwIfCancelled();
      Throwable first = failure.get();
      if (first instanceof RuntimeException exception) {
        throw exception;
      }
      if (first != null) {
        throw new MigrationException(
            FailureType.UNEXPECTED, "A part of the work ended by an error.", first);
      }
    }

    @Override
    public boolean isCancelled() {
      return super.isCancelled() || failure.get() != null;
    }

    @Override
    public void throwIfCancelled() {
      super.throwIfCancelled();
      if (failure.get() != null) {
        throw new MigrationException(
            FailureType.CANCELLED, "Another part of the work failed, so this one stopped.");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return interruptions.add(action);
    }
  }
}
