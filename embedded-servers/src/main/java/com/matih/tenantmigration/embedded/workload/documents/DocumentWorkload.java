package com.matih.tenantmigration.embedded.workload.documents;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes one tenant's documents from several sessions, each of which has documents of its own, so
 * that the last acknowledged state of each is known. It writes the same from the same seed, but for
 * the order between sessions.
 */
public final class DocumentWorkload implements AutoCloseable {

  private static final int SESSIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DocumentJournal journal = new DocumentJournal();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();

  private DocumentWorkload() {}

  /**
   * Begins to write.
   *
   * @param neighbour the tenant that documents are given to, and who never writes to them
   * @param pauseMillis how long each session waits after each write at most
   */
  public static DocumentWorkload start(
      DocumentIndex index, String tenant, String neighbour, long seed, int pauseMillis) {
    DocumentWorkload workload = new DocumentWorkload();
    for (int number = 0; number < SESSIONS; number++) {
      DocumentSession session =
          new DocumentSession(
              index,
              tenant,
              neighbour,
              "%s-%d".formatted(tenant, number),
              seed * SESSIONS + number,
              workload.journal);
      Thread thread =
          new Thread(() -> workload.run(session, pauseMillis), "documents-" + session.name());
      thread.setDaemon(true);
      workload.threads.add(thread);
    }
    workload.threads.forEach(Thread::start);
    return workload;
  }

  private void run(DocumentSession session, int pauseMillis) {
    try {
      do {
        session.write();
      } while (!stop.await(session.pause(pauseMillis), TimeUnit.MILLISECONDS));
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was acknowledged so far. */
  public DocumentJournal journal() {
    return journal;
  }

  /** Waits until some more writes were acknowledged. */
  public void awaitAcknowledged(int more) throws InterruptedException {
    int enough = journal.acknowledgedCount() + more;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (journal.acknowledgedCount() < enough) {
      throwFailure();
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "Only %d of %d writes were acknowledged"
                .formatted(journal.acknowledgedCount(), enough));
      }
      Thread.sleep(10);
    }
  }

  /**
   * Ends all sessions after their write in progress.
   *
   * @throws IllegalStateException with the failure of a session that broke off
   */
  @Override
  public void close() {
    stop.countDown();
    for (Thread thread : threads) {
      try {
        thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (thread.isAlive()) {
        throw new IllegalStateException("A session did not end: " + thread.getName());
      }
    }
    throwFailure();
  }

  private void throwFailure() {
    RuntimeException broken = failure.get();
    if (broken != null) {
      throw new IllegalStateException("A session broke off", broken);
    }
  }
}
