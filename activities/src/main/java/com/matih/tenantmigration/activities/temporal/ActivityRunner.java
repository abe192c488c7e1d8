package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.fault.FaultPoint;
import com.matih.tenantmigration.activities.engine.fault.FaultPoint.Moment;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Followed;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Runs an engine as an activity: heartbeats while it works, stops it when the workflow says so, and
 * turns what it throws into a failure that the workflow knows and an operator can read.
 */
public final class ActivityRunner {

  private ActivityRunner() {}

  /** Runs an engine that answers. */
  public static <T> T call(MigrationContext context, Function<ProgressMonitor, T> engine) {
    return call(context.migrationId(), context.tenant(), Optional.of(context.patience()), engine);
  }

  private static <T> T call(
      String migrationId,
      String tenantId,
      Optional<Duration> storeTimeout,
      Function<? super HeartbeatMonitor, T> engine) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    String step = activity.getInfo().getActivityType();
    LongestSilence silence = LongestSilence.of(step, storeTimeout);
    try (MDC.MDCCloseable tenant = MDC.putCloseable("tenant", tenantId);
        MDC.MDCCloseable migration = MDC.putCloseable("migrationId", migrationId);
        HeartbeatMonitor monitor = new HeartbeatMonitor(activity, silence);
        WorkScope scope = WorkScope.enter(monitor)) {
      try {
        FaultPoint.reached(step, Moment.BEFORE);
        T answer = engine.apply(monitor);
        FaultPoint.reached(step, Moment.AFTER);
        return TextsTold.of(answer);
      } catch (RuntimeException e) {
        throw new FailedAttempt(activity.getInfo(), monitor, storeTimeout).failure(e);
      }
    }
  }

  /**
   * Runs an engine that follows a store.
   *
   * @return how the store stood when the engine last said so; null where it never did
   */
  public static @Nullable Followed follow(
      MigrationContext context, Consumer<ProgressMonitor> engine) {
    return call(
            context.migrationId(),
            context.tenant(),
            Optional.of(context.patience()),
            monitor -> {
              engine.accept(monitor);
              return monitor.latest().followed();
            })
        .orElse(null);
  }

  /** Runs an engine that does not answer. */
  public static void run(MigrationContext context, Consumer<ProgressMonitor> engine) {
    var unused = call(context, answering(engine));
  }

  /** The same for an activity that is not handed the migration's whole context. */
  public static void run(String migrationId, String tenantId, Consumer<ProgressMonitor> engine) {
    var unused = call(migrationId, tenantId, Optional.empty(), answering(engine));
  }

  private static Function<ProgressMonitor, Boolean> answering(Consumer<ProgressMonitor> engine) {
    return monitor -> {
      engine.accept(monitor);
      return true;
    };
  }
}
