package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.activities.temporal.ProgressListener;
import com.matih.tenantmigration.workflow.report.Progress;
import io.micrometer.core.instrument.Counter;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Measures one attempt of an activity. */
final class MeteredActivity extends ActivityInboundCallsInterceptorBase {

  private final WorkMeters work;
  private volatile Optional<WorkMeters.Lags> lags = Optional.empty();
  private final Map<String, WorkMeters.Attempt> attempts = new ConcurrentHashMap<>();

  MeteredActivity(ActivityInboundCallsInterceptor next, WorkMeters work) {
    super(next);
    this.work = work;
  }

  @Override
  public void init(ActivityExecutionContext context) {
    Counter retries = work.retries(context.getInfo().getActivityType());
    if (context.getInfo().getAttempt() > 1) {
      retries.increment();
    }
    super.init(new Listening(context));
  }

  @Override
  public ActivityOutput execute(ActivityInput input) {
    try {
      return super.execute(input);
    } finally {
      attempts.values().forEach(WorkMeters.Attempt::close);
      lags.ifPresent(behind -> behind.ended(this));
    }
  }

  /** The activity's context, which also learns of its progress. */
  private final class Listening extends ActivityExecutionContextBase implements ProgressListener {

    private final String activity;

    Listening(ActivityExecutionContext context) {
      super(context);
      this.activity = context.getInfo().getActivityType();
    }

    @Override
    public void resumedAt(Progress progress) {
      if (!progress.unit().isEmpty()) {
        attempt(progress.unit()).resumedAt(progress);
      }
    }

    @Override
    public void progressed(Progress progress) {
      if (!progress.unit().isEmpty()) {
        attempt(progress.unit()).progressed(progress);
      }
      if (progress.lag() != null) {
        lags = Optional.of(work.lags(activity));
        lags.get().behind(MeteredActivity.this, progress.lag());
      }
    }

    private WorkMeters.Attempt attempt(String unit) {
      return attempts.computeIfAbsent(
          unit, name -> new WorkMeters.Attempt(work.of(activity, name)));
    }
  }
}
