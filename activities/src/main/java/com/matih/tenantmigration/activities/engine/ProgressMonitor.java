package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How an engine says how far it is, and how it learns that it must stop.
 *
 * <p>Engines call {@link #update} as often as they like (it only notes the value) and {@link
 * #throwIfCancelled} at least once a second while they work; what blocks for longer registers with
 * {@link #onCancel} how it is interrupted. Safe for use by several threads.
 */
public interface ProgressMonitor {

  /** Notes how far the work is. */
  void update(Progress progress);

  /** Notes how far the work was when this attempt took it up, which is not its own doing. */
  default void resumeAt(Progress progress) {
    update(progress);
  }

  /**
   * Notes that something moved for which no count grows yet: bytes that came or went, a server's
   * answer. Work in which nothing moves for long is given up.
   */
  default void moved() {}

  /**
   * Says that so many bytes of the shared side are about to be read, or were read just now: waits
   * as long as the migration's throttle asks for, but for no replica. Whoever calls it holds
   * nothing that expires.
   */
  default void readShared(long bytes) {
    readShared(bytes, Duration.ofDays(1), () -> {});
  }

  /**
   * The same for who holds something that expires.
   *
   * @param every how often it is renewed during the wait
   * @param renew renews it
   */
  default void readShared(long bytes, Duration every, Runnable renew) {}

  /**
   * Waits until the throttle allows more reads of the shared side, and until no replica of it is
   * too far behind. Whoever calls it holds nothing that the shared side has to keep, such as a
   * snapshot: replicas may be behind for hours.
   */
  default void awaitShared() {
    readShared(0);
  }

  /** How long readers of this work have waited for the throttle so far, all added up. */
  default Duration waitedForThrottle() {
    return Duration.ZERO;
  }

  /** Whether reads of the shared side are bounded now, so that they are better taken in pieces. */
  default boolean isThrottled() {
    return false;
  }

  /**
   * Has a question asked, on another thread, when nothing has moved for long: whether a server is
   * busy for this work, with a statement that says nothing before its end. The work is given up
   * only where none of its questions is answered with yes.
   *
   * @param server who is asked; where it does not answer one question, it is not asked another
   * @param work what is asked about; of several questions about one the first counts
   * @param isBusy answers within seconds, whatever the server does; throws where the server does
   *     not answer it either
   */
  default void askWhenSilent(String server, String work, BooleanSupplier isBusy) {}

  /**
   * Has a server asked for any answer at all when the work says nothing for long, where it cannot
   * say whether it is busy for this work.
   *
   * @param question asks over a connection of its own, and ends within seconds
   * @throws MigrationException from the question, of type STORE_UNREACHABLE, where none comes; any
   *     other says that the server is there
   */
  default void askForAnswer(String server, Runnable question) {
    askWhenSilent(
        server,
        "",
        () -> {
          try {
            question.run();
          } catch (MigrationException e) {
            if (e.type() == FailureType.STORE_UNREACHABLE) {
              throw e;
            }
          }
          return false;
        });
  }

  /**
   * Which attempt at the work this is; asked once by whoever takes the right to write. Without a
   * workflow each answer is a later attempt.
   */
  default Attempt attempt() {
    return Attempt.next();
  }

  /** Whether the work is tried again where it fails with what may pass. */
  default boolean isTriedAgain() {
    return false;
  }

  /** Whether the work must stop. */
  boolean isCancelled();

  /**
   * Ends the work where it must stop.
   *
   * @throws MigrationException of type CANCELLED
   */
  void throwIfCancelled();

  /**
   * Has the action run, once and on another thread, when the work must stop: it closes a connection
   * or ends a process that would block for long. Runs at once where that is so already.
   *
   * @return closes the registration, after which the action no longer runs
   */
  Registration onCancel(Runnable action);

  /**
   * Waits, and ends at once where the work must stop.
   *
   * @throws MigrationException of type CANCELLED where the work must stop, WORKER_STOPPING where
   *     the thread was interrupted for another reason
   */
  default void pause(Duration length) {
    CountDownLatch stop = new CountDownLatch(1);
    try (Registration onCancel = onCancel(stop::countDown)) {
      var unused = stop.await(length.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throwIfCancelled();
      throw new MigrationException(
          FailureType.WORKER_STOPPING, "The step was interrupted while it waited.", e);
    }
    throwIfCancelled();
  }

  /** A registration that ends with its block. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** A monitor that passes everything on to another one, but for what it overrides. */
  abstract class Forwarding implements ProgressMonitor {

    private final ProgressMonitor outer;

    protected Forwarding(ProgressMonitor outer) {
      this.outer = outer;
    }

    @Override
    public void update(Progress progress) {
      outer.update(progress);
    }

    @Override
    public void resumeAt(Progress progress) {
      outer.resumeAt(progress);
    }

    @Override
    public void moved() {
      outer.moved();
    }

    @Override
    public void readShared(long bytes, Duration every, Runnable renew) {
      outer.readShared(bytes, every, renew);
    }

    @Override
    public boolean isThrottled() {
      return outer.isThrottled();
    }

    @Override
    public Duration waitedForThrottle() {
      return outer.waitedForThrottle();
    }

    @Override
    public void askWhenSilent(String server, String work, BooleanSupplier isBusy) {
      outer.askWhenSilent(server, work, isBusy);
    }

    @Override
    public Attempt attempt() {
      return outer.attempt();
    }

    @Override
    public boolean isTriedAgain() {
      return outer.isTriedAgain();
    }

    @Override
    public boolean isCancelled() {
      return outer.isCancelled();
    }

    @Override
    public void throwIfCancelled() {
      outer.throwIfCancelled();
    }

    @Override
    public Registration onCancel(Runnable action) {
      return outer.onCancel(action);
    }
  }

  /** A monitor that is never cancelled and forgets what it is told, for use without a workflow. */
  static ProgressMonitor unmonitored() {
    return Unmonitored.INSTANCE;
  }
}
