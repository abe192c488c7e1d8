package com.matih.tenantmigration.activities.elasticsearch.client;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs an index' slices at the same time; the first that fails stops the others. */
public final class Slices {

  private static final long LAST_STEPS_SECONDS = 30;

  private Slices() {}

  /**
   * Runs them all and adds up what they answer. When this returns or throws, none runs any more.
   *
   * @throws MigrationException what the first one that failed threw
   */
  public static long run(String name, List<Callable<Long>> slices) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            slices.size(),
            runnable -> {
              Thread thread = new Thread(runnable, name);
              thread.setDaemon(true);
              return thread;
            });
    try {
      CompletionService<Long> running = new ExecutorCompletionService<>(threads);
      slices.forEach(running::submit);
      long sum = 0;
      for (int i = 0; i < slices.size(); i++) {
        sum += running.take().get();
      }
      return sum;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a slice ended by an error", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e);
    } finally {
      end(threads);
    }
  }

  /** Waits for the slices also where this thread is interrupted: none may be left behind. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_STEPS_SECONDS);
    boolean interrupted = false;
    try {
      while (!threads.isTerminated()) {
        try {
          var unused = threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("a slice did not stop");
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
