package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.workflow.Step;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a step may make no progress at all before its attempt is given up: no count grows, no
 * byte comes or goes, no server says that it is busy for the step.
 *
 * @param answering while its servers answer
 * @param unanswered once one of them does not answer even whether it is busy
 */
record LongestSilence(Duration answering, Duration unanswered) {

  /** An attempt that has only begun may be about to connect. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /** What takes moments, and what an operator or a tenant waits for. */
  private static final Duration SHORT = Duration.ofMinutes(5);

  /** What grows with the tenant. */
  private static final Duration BULK = Duration.ofMinutes(20);

  /**
   * The limits for an activity's type; the longer one for a type that this version does not know.
   *
   * @param storeTimeout how long a store may hold up a read-only tenant
   */
  static LongestSilence of(String activityType, Optional<Duration> storeTimeout) {
    Optional<Step> step = Step.ofActivity(activityType);
    Duration answering = step.map(Step::isBulk).orElse(true) ? BULK : SHORT;
    return new LongestSilence(
        answering,
        storeTimeout
            .filter(unused -> step.filter(Step::holdsTenant).isPresent())
            .filter(timeout -> timeout.compareTo(answering) < 0)
            .orElse(answering));
  }

  /**
   * After which silence the servers are asked whether they are busy: early enough that one which
   * leaves the question unanswered is known to be silent when the step is to be given up.
   */
  Duration askedAfter() {
    return unanswered.equals(answering) ? unanswered : unanswered.multipliedBy(2).dividedBy(3);
  }

  /** What is left for an attempt when the ones before it have failed for so long. */
  LongestSilence after(Duration failing) {
    if (unanswered.equals(answering)) {
      return this;
    }
    Duration left = unanswered.minus(failing);
    return new LongestSilence(answering, left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
  }
}
