package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
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
    ActivityExecutionContext activity = Activity.getExecutionContext();
    try (MDC.MDCCloseable tenant = MDC.putCloseable("tenant", context.tenant());
        MDC.MDCCloseable migration = MDC.putCloseable("migrationId", context.migrationId());
        HeartbeatMonitor monitor = new HeartbeatMonitor(activity)) {
      return runMonitored(activity, monitor, engine);
    }
  }

  /** Runs an engine that does not answer. */
  public static void run(MigrationContext context, Consumer<ProgressMonitor> engine) {
    var unused =
        call(
            context,
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
      return engine.apply(monitor);
    } catch (MigrationException e) {
      if (monitor.isCancelled()) {
        throw stopped(activity, monitor, type, e);
      }
      log.warn("{} failed: {}", type, e.getMessage(), e);
      throw failure(e.getMessage(), e.type());
    } catch (RuntimeException e) {
      if (monitor.isCancelled()) {
        throw stopped(activity, monitor, type, e);
      }
      log.error("{} failed unexpectedly", type, e);
      throw failure(
          "%s met an error it does not know, %s; the worker's log has the details."
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
    log.info("{} was stopped as asked ({})", type, e.toString());
    if (monitor.isWorkerStopping()) {
      return failure("The worker is shutting down.", FailureType.WORKER_STOPPING);
    }
    return new ActivityCanceledException(activity.getInfo());
  }

  private static ApplicationFailure failure(String message, FailureType type) {
    return type.retryable()
        ? ApplicationFailure.newFailure(message, type.name())
        : ApplicationFailure.newNonRetryableFailure(message, type.name());
  }
}
