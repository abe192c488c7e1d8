package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.activities.temporal.HeartbeatMonitor.Reason;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Step;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs an engine as an activity: heartbeats while it works, stops it when the workflow says so, and
 * turns what it throws into a failure that the workflow knows and an operator can read.
 *
 * <p>Causes stay in the worker's log: a driver's exception can carry an address or a secret, and a
 * failure travels into Temporal's history.
 */
public final class ActivityRunner {

  private static final Logger log = LoggerFactory.getLogger(ActivityRunner.class);

  private ActivityRunner() {}

  /** Runs an engine that answers. */
  public static <T> T call(MigrationContext context, Function<ProgressMonitor, T> engine) {
    return call(context.migrationId(), context.tenant(), engine);
  }

  private static <T> T call(
      String migrationId, String tenantId, Function<ProgressMonitor, T> engine) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    try (MDC.MDCCloseable tenant = MDC.putCloseable("tenant", tenantId);
        MDC.MDCCloseable migration = MDC.putCloseable("migrationId", migrationId);
        HeartbeatMonitor monitor = new HeartbeatMonitor(activity);
        WorkScope scope = WorkScope.enter(monitor)) {
      return runMonitored(activity, monitor, engine);
    }
  }

  /** Runs an engine that does not answer. */
  public static void run(MigrationContext context, Consumer<ProgressMonitor> engine) {
    run(context.migrationId(), context.tenant(), engine);
  }

  /** The same for an activity that is not handed the migration's whole context. */
  public static void run(String migrationId, String tenantId, Consumer<ProgressMonitor> engine) {
    var unused =
        call(
            migrationId,
            tenantId,
            monitor -> {
              engine.accept(monitor);
              return true;
            });
  }

  private static <T> T runMonitored(
      ActivityExecutionContext activity,
      HeartbeatMonitor monitor,
      Function<ProgressMonitor, T> engine) {
    String type = activity.getInfo().getActivityType();
    try {
      return TextsTold.of(engine.apply(monitor));
    } catch (MigrationException e) {
      if (monitor.isCancelled()) {
        throw stopped(activity, monitor, type, e);
      }
      log.warn("{} failed: {}", type, e.getMessage(), e);
      throw failure(type, String.valueOf(e.getMessage()), e.type());
    } catch (RuntimeException e) {
      if (monitor.isCancelled()) {
        throw stopped(activity, monitor, type, e);
      }
      log.error("{} failed unexpectedly", type, e);
      throw failure(
          type,
          "%s failed with an unknown error, %s. See the worker's log."
              .formatted(type, e.getClass().getSimpleName()),
          FailureType.UNEXPECTED);
    }
  }

  /** What an interrupted engine throws says how it was interrupted, not what went wrong. */
  private static RuntimeException stopped(
      ActivityExecutionContext activity,
      HeartbeatMonitor monitor,
      String type,
      RuntimeException e) {
    log.info("{} {} ({})", type, monitor.stopMessage(), e.toString());
    return switch (monitor.reason().orElse(Reason.CANCELLED)) {
      case WORKER_STOPPING ->
          failure(type, "The worker is shutting down.", FailureType.WORKER_STOPPING);
      case NO_PROGRESS -> noProgress(type, monitor.stopMessage());
      case CANCELLED -> new ActivityCanceledException(activity.getInfo());
    };
  }

  private static RuntimeException noProgress(String type, String message) {
    log.warn("{} {}", type, message);
    return failure(
        type,
        ("%s %s. The attempt was ended and is retried. Check whether that store"
                + " answers and what its sessions wait for.")
            .formatted(type, message),
        FailureType.NO_PROGRESS);
  }

  /**
   * A step that is tried until it is done is tried again whatever it fails with, unless that is
   * definite: rights and secrets may come back, and Temporal's retries cost the history nothing.
   */
  private static ApplicationFailure failure(String activity, String text, FailureType type) {
    String message = ResolvedSecrets.scrub(text);
    boolean untilDone = Step.ofActivity(activity).map(Step::isTriedUntilDone).orElse(false);
    return type.retryable() || (untilDone && !type.definite())
        ? ApplicationFailure.newFailure(message, type.name())
        : ApplicationFailure.newNonRetryableFailure(message, type.name());
  }
}
