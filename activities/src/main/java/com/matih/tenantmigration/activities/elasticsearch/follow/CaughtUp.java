package com.matih.tenantmigration.activities.elasticsearch.follow;

import java.time.Duration;

/** Says by a round whether little is left for the next one. */
final class CaughtUp {

  /** A round that takes less leaves less than that to the next one. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** What takes long in a round of so few documents is the refresh, and no round saves that. */
  private static final long FEW = 200;

  private CaughtUp() {}

  static boolean after(long documents, Duration took) {
    return documents <= FEW || took.compareTo(SHORT) < 0;
  }
}
