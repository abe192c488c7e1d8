package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.activities.temporal.HeartbeatMonitor.Reason;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt at a step that has failed: what the workflow hears of it, and whether Temporal tries
 * the step again.
 *
 * <p>Causes stay in the worker's log: a driver's exception can carry an address or a secret, and a
 * failure goes into Temporal's history.
 */
final class FailedAttempt {

  private static final Logger log = LoggerFactory.getLogger(FailedAttempt.class);

  /** What says nothing about the stores. */
  private static final Set<FailureType> OF_THE_WORKER =
      EnumSet.of(FailureType.WORKER_STOPPING, FailureType.WRITER_SUPERSEDED);

  private final ActivityInfo info;
  private final HeartbeatMonitor monitor;
  private final Optional<Step> step;
  private final Optional<Duration> storeTimeout;

  /**
   * @param storeTimeout how long a step may get nowhere while the tenant is read-only
   */
  FailedAttempt(ActivityInfo info, HeartbeatMonitor monitor, Optional<Duration> storeTimeout) {
    this.info = info;
    this.monitor = monitor;
    this.step = Step.ofActivity(info.getActivityType());
    this.storeTimeout = storeTimeout.filter(unused -> step.filter(Step::holdsTenant).isPresent());
  }

  /** What the activity throws, for what its engine has thrown. */
  RuntimeException failure(RuntimeException e) {
    if (monitor.isCancelled()) {
      // what an interrupted engine throws says how it was interrupted, not what went wrong
      log.info("{} {} ({})", info.getActivityType(), monitor.stopMessage(), e.toString());
      return stopped();
    }
    if (e instanceof MigrationException known) {
      log.warn("{} failed: {}", info.getActivityType(), e.getMessage(), e);
      return failure(String.valueOf(e.getMessage()), known.type());
    }
    log.error("{} failed unexpectedly", info.getActivityType(), e);
    return failure(
        "%s failed with an unknown error, %s. See the worker's log."
            .formatted(info.getActivityType(), e.getClass().getSimpleName()),
        FailureType.UNEXPECTED);
  }

  private RuntimeException stopped() {
    return switch (monitor.reason().orElse(Reason.CANCELLED)) {
      case WORKER_STOPPING -> failure("The worker is shutting down.", FailureType.WORKER_STOPPING);
      case NO_PROGRESS -> {
        log.warn("{} {}", info.getActivityType(), monitor.stopMessage());
        yield failure(
            "%s %s. Check whether that store answers and what its sessions wait for."
                .formatted(info.getActivityType(), monitor.stopMessage()),
            FailureType.NO_PROGRESS);
      }
      case CANCELLED -> new ActivityCanceledException(info);
    };
  }

  private ApplicationFailure failure(String text, FailureType type) {
    String message = ResolvedSecrets.scrub(text);
    if (!isRetried(type)) {
      return ApplicationFailure.newNonRetryableFailure(message, type.name());
    }
    return storeTimeout
        .filter(unused -> !OF_THE_WORKER.contains(type))
        .flatMap(this::givenUp)
        .map(why -> ApplicationFailure.newNonRetryableFailure(message + why, type.name()))
        .orElseGet(() -> ApplicationFailure.newFailure(message, type.name()));
  }

  /**
   * A step that is tried until it is done is tried again whatever it fails with, unless that is
   * definite: rights and secrets may come back, and Temporal's retries cost the history nothing.
   */
  private boolean isRetried(FailureType type) {
    boolean untilDone = step.filter(Step::isTriedUntilDone).isPresent();
    return type.retryable() || (untilDone && !type.definite());
  }

  /**
   * Why the step is not tried again; empty where it is, and could begin before its time is over.
   */
  private Optional<String> givenUp(Duration limit) {
    Duration nowhere = monitor.failing(limit);
    if (nowhere.plus(Stubs.longestPause(limit)).compareTo(limit) < 0) {
      return Optional.empty();
    }
    return Optional.of(
        " No attempt got further for %d s, and the tenant is read-only meanwhile (storeTimeout: %s)."
            .formatted(nowhere.toSeconds(), ShortDuration.format(limit)));
  }
}
