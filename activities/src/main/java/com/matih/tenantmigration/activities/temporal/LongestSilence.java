package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.workflow.Step;
import java.time.Duration;

/**
 * How long each step may make no progress at all before it is given up and tried again: no count
 * grows, no byte comes or goes, no server says that it is busy for the step.
 */
final class LongestSilence {

  /** What takes moments, and what an operator or a tenant waits for. */
  private static final Duration SHORT = Duration.ofMinutes(5);

  /** What grows with the tenant. */
  private static final Duration BULK = Duration.ofMinutes(20);

  private LongestSilence() {}

  /**
   * The limit for an activity's type; the longer one for a type that this version does not know.
   */
  static Duration of(String activityType) {
    return Step.ofActivity(activityType).map(Step::isBulk).orElse(true) ? BULK : SHORT;
  }
}
