package com.matih.tenantmigration.devstack.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs many pieces of work on a few threads and waits for all of them. */
public final class Concurrently {

  private static final int PATIENCE_SECONDS = 30;

  private Concurrently() {}

  /**
   * Runs all work; where pieces fail, the rest is interrupted and the first failure thrown.
   *
   * @throws SampleDataException where a piece failed, with its exception as cause
   */
  public static void run(int threads, List<Runnable> work) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> futures = new ArrayList<>();
      work.forEach(piece -> futures.add(executor.submit(piece)));
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new SampleDataException("a piece of the work failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SampleDataException("the work was interrupted", e);
    } finally {
      end(executor);
    }
  }

  private static void end(ExecutorService executor) {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("work that was interrupted does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
