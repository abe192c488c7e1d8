package com.matih.tenantmigration.embedded.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Writes one tenant's rows from several sessions, as the services of a real tenant do.
 *
 * <p>Each session owns the rows that it inserted, so the last acknowledged state of each is known;
 * only the rows of {@link WorkloadTable#COUNTER} are everybody's. What is refused is counted, and
 * the session goes on with something else after a short pause: it asks for the route again before
 * each transaction, as a service does, and connects anew when the route has changed. After a commit
 * of unknown outcome a session leaves all its rows alone and begins with new ones.
 */
public final class Workload implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final WorkloadJournal journal;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<WorkloadSession> sessions = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Workload(WorkloadSettings settings) {
    this.journal = new WorkloadJournal(settings);
  }

  /**
   * Begins to write.
   *
   * @param route where the tenant's tables are now; asked before each transaction, by all sessions
   *     at once. What it throws ends the workload, and {@link #close} throws it
   */
  public static Workload start(WorkloadSettings settings, Supplier<WorkloadSide> route) {
    Workload workload = new Workload(settings);
    WorkloadSide home = route.get();
    for (int number = 0; number < settings.sessions(); number++) {
      WorkloadSession session =
          new WorkloadSession(settings, number, home, route, workload.journal, workload.stop);
      Thread thread = new Thread(session, "workload-" + settings.tenant() + "-" + number);
      thread.setDaemon(true);
      workload.sessions.add(session);
      workload.threads.add(thread);
    }
    workload.threads.forEach(Thread::start);
    return workload;
  }

  /** What became of the writes so far. */
  public WorkloadJournal journal() {
    return journal;
  }

  /** Waits until some more transactions were acknowledged. */
  public void awaitAcknowledged(int more, Duration patience) throws InterruptedException {
    int enough = journal.acknowledgedCount() + more;
    long end = System.nanoTime() + patience.toNanos();
    while (journal.acknowledgedCount() < enough) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "Only %d of %d transactions were acknowledged in %s; refused: %s"
                .formatted(
                    journal.acknowledgedCount(), enough, patience, journal.refusalMessages()));
      }
      Thread.sleep(10);
    }
  }

  /**
   * Ends all sessions; a transaction in progress is completed. The connection of a session that
   * waits for more than 30 s is cut, so the outcome of its transaction is unknown.
   *
   * @throws IllegalStateException with the failure of a session that broke off
   */
  @Override
  public void close() {
    stop.countDown();
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean interrupted = false;
    for (int i = 0; i < threads.size(); i++) {
      try {
        threads.get(i).join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        if (threads.get(i).isAlive()) {
          sessions.get(i).cut();
          threads.get(i).join(PATIENCE.toMillis());
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (int i = 0; i < threads.size(); i++) {
      String name = threads.get(i).getName();
      sessions
          .get(i)
          .failure()
          .ifPresent(
              failure -> {
                throw new IllegalStateException("A session broke off: " + name, failure);
              });
      if (threads.get(i).isAlive()) {
        throw new IllegalStateException("A session did not end: " + name);
      }
    }
  }
}
