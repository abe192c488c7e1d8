package com.matih.tenantmigration.activities.engine.throttle;

import java.time.Duration;

/** Whether waits are a good part of the time, or only now and then a moment. */
final class WaitShare {

  private static final long WINDOW = Duration.ofSeconds(2).toNanos();
  private static final int MUCH = 4;

  private long begun;
  private long waited;
  private boolean wasMuch;
  private long judgedAt;

  WaitShare(long now) {
    this.begun = now;
  }

  synchronized void add(Duration wait, long now) {
    if (now - begun > WINDOW) {
      wasMuch = waited > (now - begun) / MUCH;
      judgedAt = now;
      begun = now;
      waited = 0;
    }
    waited += wait.toNanos();
  }

  /** Whether it was at least a quarter, in the seconds before now. */
  synchronized boolean isMuch(long now) {
    return wasMuch && now - judgedAt < 2 * WINDOW;
  }
}
