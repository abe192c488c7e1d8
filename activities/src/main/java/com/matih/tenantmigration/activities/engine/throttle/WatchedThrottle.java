package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A throttle that is kept as an operator has set it, and as the replicas are, from its first user
 * to its last.
 *
 * <p>While the control plane does not answer, the throttle stays as it was.
 */
final class WatchedThrottle {

  private static final Logger log = LoggerFactory.getLogger(WatchedThrottle.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private final MigrationContext context;
  private final ThrottleNote note;
  private final ReplicaWatch replicas;
  private final Throttle throttle;
  private int users;
  private @Nullable ScheduledExecutorService clock;

  WatchedThrottle(MigrationContext context, ThrottleNote note, ReplicaWatch replicas) {
    this.context = context;
    this.note = note;
    this.replicas = replicas;
    this.throttle = new Throttle(ThrottleSpec.of(context.request().throttle()));
  }

  /** Takes one more user. */
  WatchedThrottle enter() {
    users++;
    return this;
  }

  /** The throttle as it is set now; to be asked once a user was taken. */
  synchronized Throttle throttle() {
    if (clock == null) {
      look();
      clock =
          Executors.newSingleThreadScheduledExecutor(
              runnable -> {
                Thread thread = new Thread(runnable, "throttle-" + context.tenant());
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          clock.scheduleWithFixedDelay(
              this::look,
              BETWEEN_LOOKS.toMillis(),
              BETWEEN_LOOKS.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    return throttle;
  }

  /** Lets one user go; answers whether it was the last. */
  boolean leave() {
    users--;
    if (users == 0) {
      stop();
    }
    return users == 0;
  }

  private synchronized void stop() {
    if (clock != null) {
      var unused = clock.shutdownNow();
    }
  }

  /** Never ends by an exception: a scheduled task that throws is not run again. */
  private void look() {
    try {
      note.find(context.migrationId()).ifPresent(throttle::change);
    } catch (MigrationException e) {
      log.debug("cannot read the throttle of migration {}", context.migrationId(), e);
    } catch (RuntimeException e) {
      log.warn("cannot read the throttle of migration {}", context.migrationId(), e);
    }
    throttle.awaitReplicas(behind());
  }

  private String behind() {
    Duration most = throttle.spec().maxReplicaLag();
    try {
      return most == null ? "" : replicas.behind(context, most).orElse("");
    } catch (MigrationException e) {
      log.debug("cannot see the replicas of migration {}", context.migrationId(), e);
    } catch (RuntimeException e) {
      log.warn("cannot see the replicas of migration {}", context.migrationId(), e);
    }
    return "";
  }
}
