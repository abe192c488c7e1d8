package com.matih.tenantmigration.embedded.workload.objects;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * Writes one tenant's objects from several threads, as the services of a real tenant do.
 *
 * <p>Each thread has names of its own, so the last acknowledged state of each object is known.
 */
public final class ObjectWorkload implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ObjectJournal journal = new ObjectJournal();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<ObjectSession> sessions = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private ObjectWorkload() {}

  /**
   * Begins to write; the bucket exists.
   *
   * @param seed decides which changes each thread makes, in which order
   * @param threads how many write side by side
   * @param pause between two changes of a thread
   */
  public static ObjectWorkload start(ObjectPlace place, long seed, int threads, Duration pause) {
    ObjectWorkload workload = new ObjectWorkload();
    for (int number = 0; number < threads; number++) {
      ObjectSession session =
          new ObjectSession(
              place,
              "writer-%d/".formatted(number),
              new Random(seed * 31 + number),
              pause,
              workload.journal,
              workload.stop);
      Thread thread = new Thread(session, "objects-%s-%d".formatted(place.bucket(), number));
      thread.setDaemon(true);
      workload.sessions.add(session);
      workload.threads.add(thread);
    }
    workload.threads.forEach(Thread::start);
    return workload;
  }

  /** What was acknowledged so far. */
  public ObjectJournal journal() {
    return journal;
  }

  /** Waits until some more changes were acknowledged. */
  public void awaitAcknowledged(int more, Duration patience) throws InterruptedException {
    long enough = journal.acknowledgedCount() + more;
    long end = System.nanoTime() + patience.toNanos();
    while (journal.acknowledgedCount() < enough) {
      requireNoFailure();
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "Only %d of %d changes were acknowledged in %s"
                .formatted(journal.acknowledgedCount(), enough, patience));
      }
      Thread.sleep(10);
    }
  }

  /**
   * Ends all threads; uploads in progress are completed or aborted.
   *
   * @throws IllegalStateException with the failure of a thread that broke off
   */
  @Override
  public void close() {
    stop.countDown();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    requireNoFailure();
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        throw new IllegalStateException("A writer did not end: " + thread.getName());
      }
    }
  }

  private void requireNoFailure() {
    for (ObjectSession session : sessions) {
      session
          .failure()
          .ifPresent(
              failure -> {
                throw new IllegalStateException("A writer broke off.", failure);
              });
    }
  }
}
