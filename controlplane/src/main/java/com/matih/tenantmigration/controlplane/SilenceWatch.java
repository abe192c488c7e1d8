package com.matih.tenantmigration.controlplane;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a follower when nothing has been heard for too long, and when that is over.
 *
 * <p>It has a thread of its own, for the listening thread may be held up by a connection that does
 * not answer. Age is measured by the monotonic clock, which nobody sets.
 */
final class SilenceWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final TenantConfigFollower follower;
  private final Duration limit;
  private final ScheduledExecutorService clock;
  private volatile long heardNanos = System.nanoTime();
  private volatile Instant heardAt = Instant.now();
  private boolean silent;

  SilenceWatch(TenantConfigFollower follower, Duration limit) {
    this.follower = follower;
    this.limit = limit;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread = new Thread(runnable, "tenant-config-silence");
              thread.setDaemon(true);
              return thread;
            });
  }

  void start() {
    var unused =
        clock.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The control plane answered, and all that it had announced until then has been taken. */
  void heard() {
    heard(System.nanoTime());
  }

  /** The same of an answer to what was asked then, by the monotonic clock. */
  void heard(long askedNanos) {
    heardAt = Instant.now().minusNanos(System.nanoTime() - askedNanos);
    heardNanos = askedNanos;
  }

  Instant lastHeard() {
    return heardAt;
  }

  boolean isSilent() {
    return age().compareTo(limit) > 0;
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - heardNanos);
  }

  /** Never ends by an exception: a scheduled task that throws is not run again. */
  private void look() {
    Duration age = age();
    boolean now = age.compareTo(limit) > 0;
    if (now == silent) {
      return;
    }
    try {
      if (now) {
        log.warn(
            "no news of the tenants' configuration for {} s; telling the service", age.toSeconds());
        follower.silent(age);
      } else {
        log.info("following the tenants' configuration again");
        follower.heardAgain();
      }
      silent = now;
    } catch (RuntimeException e) {
      log.error("the service failed to handle the silence; telling it again", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
