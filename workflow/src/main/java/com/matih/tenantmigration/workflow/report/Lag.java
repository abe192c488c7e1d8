package com.matih.tenantmigration.workflow.report;

import java.time.Duration;

/**
 * How far the dedicated side was behind the shared one when it last caught up.
 *
 * @param changes how many were carried over at once then
 * @param seconds how old the oldest of them may have been
 */
public record Lag(long changes, double seconds) {

  public static Lag of(long changes, Duration age) {
    return new Lag(changes, age.toMillis() / 1000.0);
  }
}
