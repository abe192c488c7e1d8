package com.matih.tenantmigration.embedded.workload.records;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes one tenant's records, and moves its groups, from several threads until it is closed. */
public final class RecordLoad implements AutoCloseable {

  /** Which header says whose a record is. */
  public static final String TENANT_HEADER = "tenant-id";

  static final int PRODUCERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RecordLoadJournal journal = new RecordLoadJournal();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** What one thread does until the workload ends. */
  interface Part {
    void work() throws InterruptedException, ExecutionException;
  }

  private RecordLoad() {}

  /** Begins to write. */
  public static RecordLoad start(RecordLoadSettings settings) {
    RecordLoad load = new RecordLoad();
    List<LoadProducer.Kind> kinds =
        List.of(
            LoadProducer.Kind.PLAIN,
            LoadProducer.Kind.PLAIN,
            LoadProducer.Kind.TRANSACTIONS,
            LoadProducer.Kind.LONG_TRANSACTIONS);
    for (int number = 0; number < PRODUCERS; number++) {
      load.add(
          "producer-" + number,
          new LoadProducer(settings, kinds.get(number), number, load.journal, load.stop));
    }
    if (!settings.groups().isEmpty()) {
      load.add("groups", new GroupMoves(settings, load.stop));
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  private void add(String name, Part part) {
    Thread thread =
        new Thread(
            () -> {
              try {
                part.work();
              } catch (InterruptedException | ExecutionException | RuntimeException e) {
                failure.compareAndSet(null, e);
                stop.countDown();
              }
            },
            "record-load-" + name);
    thread.setDaemon(true);
    threads.add(thread);
  }

  /** What became of the records so far. */
  public RecordLoadJournal journal() {
    return journal;
  }

  /** Waits until so many more records were acknowledged. */
  public void awaitAcknowledged(int more, Duration patience) throws InterruptedException {
    int enough = journal.acknowledgedCount() + more;
    long end = System.nanoTime() + patience.toNanos();
    while (journal.acknowledgedCount() < enough) {
      throwFailure();
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "Only %d of %d records were acknowledged in %s"
                .formatted(journal.acknowledgedCount(), enough, patience));
      }
      Thread.sleep(10);
    }
  }

  private void throwFailure() {
    Exception first = failure.get();
    if (first != null) {
      throw new IllegalStateException("A part of the workload broke off", first);
    }
  }

  /**
   * Ends all parts; open transactions are completed.
   *
   * @throws IllegalStateException with the failure of a part that broke off
   */
  @Override
  public void close() {
    stop.countDown();
    try {
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
        if (thread.isAlive()) {
          throw new IllegalStateException(
              "A part of the workload did not end: " + thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throwFailure();
  }
}
