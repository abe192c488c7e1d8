package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store less often while it says that it is asked too much, as S3 does with {@code SlowDown}
 * and Elasticsearch with status 429: requests begin one after the other, further apart with each
 * such answer and closer together again with each other one.
 *
 * <p>A store that has given no other answer for a while is left to the next attempt.
 */
public final class PushBack {

  private static final Logger log = LoggerFactory.getLogger(PushBack.class);

  private static final Duration FIRST_DISTANCE = Duration.ofMillis(100);
  private static final Duration LONGEST_DISTANCE = Duration.ofSeconds(2);
  private static final Duration SHORTEST_DISTANCE = Duration.ofMillis(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String store;
  private long distance;
  private long nextBegin;
  private long widenedAt;
  private long pushedBackSince;
  private boolean isPushedBack;

  /**
   * Spares one store.
   *
   * @param store its name, for the log
   */
  public PushBack(String store) {
    this.store = store;
  }

  /**
   * Sends a request until the store does not push it back, or has pushed back everything for some
   * 15 seconds.
   *
   * @param request is answered, or throws what is answered
   * @param isPushedBack whether an answer says to ask less
   * @param isPushedBackBy whether a failure does
   * @param isAnswer whether a failure is an answer of the store
   */
  public <T> T send(
      ProgressMonitor monitor,
      Supplier<T> request,
      Predicate<T> isPushedBack,
      Predicate<RuntimeException> isPushedBackBy,
      Predicate<RuntimeException> isAnswer) {
    while (true) {
      awaitTurn(monitor);
      try {
        T answer = request.get();
        if (!isPushedBack.test(answer)) {
          answered();
          return answer;
        }
        if (!mayAskAgain()) {
          return answer;
        }
      } catch (RuntimeException e) {
        if (!isPushedBackBy.test(e)) {
          if (isAnswer.test(e)) {
            answered();
          }
          throw e;
        }
        if (!mayAskAgain()) {
          throw e;
        }
      }
    }
  }

  private void awaitTurn(ProgressMonitor monitor) {
    for (long left = takeTurn(System.nanoTime()); left > 0; left = takeTurn(System.nanoTime())) {
      monitor.pause(Duration.ofNanos(Math.min(left, LOOK_AGAIN.toNanos())));
    }
  }

  /** How long the turn is away; 0 where it is now. */
  private synchronized long takeTurn(long now) {
    if (distance == 0) {
      return 0;
    }
    long left = nextBegin - now;
    if (left > 0) {
      return left;
    }
    nextBegin = now + distance;
    return 0;
  }

  private synchronized void answered() {
    isPushedBack = false;
    distance = distance * 3 / 4;
    if (distance < SHORTEST_DISTANCE.toNanos()) {
      distance = 0;
    }
  }

  private synchronized boolean mayAskAgain() {
    long now = System.nanoTime();
    if (!isPushedBack) {
      isPushedBack = true;
      pushedBackSince = now;
    }
    // what was sent before it was pushed back the first time says nothing new
    if (distance == 0 || now - widenedAt > distance) {
      if (distance == 0) {
        log.info("{} says to slow down; it is asked less often", store);
      }
      distance =
          Math.min(LONGEST_DISTANCE.toNanos(), Math.max(FIRST_DISTANCE.toNanos(), 2 * distance));
      widenedAt = now;
      nextBegin = now + distance;
    }
    return now - pushedBackSince < PATIENCE.toNanos();
  }
}
