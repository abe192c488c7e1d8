package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.InterruptibleWork;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkPlaces;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.MDC;

/**
 * Works on several partitions at a time; when one fails the others stop, and none is left behind.
 */
public final class PartitionTasks {

  /** How many partitions are worked on at a time, as long as the process has places to spare. */
  static final int PARALLELISM = 4;

  private PartitionTasks() {}

  /**
   * Runs all tasks and waits for their end.
   *
   * @param tasks each is given the monitor that says when it must stop
   * @return their answers, in the tasks' order
   * @throws MigrationException the first failure
   */
  public static <T> List<T> runAll(
      List<Function<ProgressMonitor, T>> tasks, ProgressMonitor monitor) {
    if (tasks.isEmpty()) {
      return List.of();
    }
    Shared shared = new Shared(monitor);
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(PARALLELISM, tasks.size()));
    try {
      List<Future<T>> running = new ArrayList<>();
      var logContext = MDC.getCopyOfContextMap();
      for (Function<ProgressMonitor, T> task : tasks) {
        Callable<T> run =
            () -> {
              if (logContext != null) {
                MDC.setContextMap(logContext);
              }
              return shared.run(task);
            };
        running.add(threads.submit(run));
      }
      return shared.collect(running);
    } finally {
      end(threads);
    }
  }

  /** Interrupts what is left and waits for it: a writer that is left behind would write on. */
  private static void end(ExecutorService threads) {
    boolean interrupted = false;
    threads.shutdownNow();
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

  /** What the tasks of one run share: the first failure, which stops them all. */
  private static final class Shared implements ProgressMonitor {

    private final ProgressMonitor outer;
    private final WorkPlaces places = WorkPlaces.ofThisProcess();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    Shared(ProgressMonitor outer) {
      this.outer = outer;
    }

    @Override
    public Attempt attempt() {
      return outer.attempt();
    }

    /** Kafka's clients may block for a minute, so a cancel interrupts them. */
    <T> T run(Function<ProgressMonitor, T> task) {
      try (WorkScope scope = WorkScope.enter(this);
          WorkPlaces.Place place = places.take(this);
          InterruptibleWork work = InterruptibleWork.ofThisThread();
          Registration interruption = onCancel(work::interrupt)) {
        return task.apply(this);
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
        throw e;
      }
    }

    <T> List<T> collect(List<Future<T>> running) {
      List<T> answers = new ArrayList<>();
      boolean interrupted = false;
      for (Future<T> task : running) {
        try {
          answers.add(task.get());
        } catch (ExecutionException e) {
          failure.compareAndSet(
              null,
              new MigrationException(
                  FailureType.UNEXPECTED, "A partition's work ended by an error.", e));
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(
              null, new MigrationException(FailureType.CANCELLED, "Interrupted.", e));
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      RuntimeException first = failure.get();
      if (first != null) {
        throw first;
      }
      return answers;
    }

    @Override
    public void update(Progress progress) {
      outer.update(progress);
    }

    @Override
    public void moved() {
      outer.moved();
    }

    @Override
    public void askWhenSilent(String name, BooleanSupplier isBusy) {
      outer.askWhenSilent(name, isBusy);
    }

    @Override
    public boolean isCancelled() {
      return outer.isCancelled() || failure.get() != null;
    }

    @Override
    public void throwIfCancelled() {
      outer.throwIfCancelled();
      if (failure.get() != null) {
        throw new MigrationException(
            FailureType.CANCELLED, "Another partition's work failed, so this one stopped.");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return outer.onCancel(action);
    }
  }
}
