package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds activities at a point that a test names, until their workflow is gone. */
final class HeldActivities extends WorkerInterceptorBase {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What an activity's own heartbeats tell: the attempt reads it as its own. */
  private static final Progress HELD = new Progress(0, -1, "", "held");

  private final Map<String, Hold> holds = new ConcurrentHashMap<>();

  /** Holds the next activity of that type before it begins. */
  Hold before(String activity) {
    return hold(activity, false);
  }

  /** Holds the next activity of that type once its work is done and before it answers. */
  Hold after(String activity) {
    return hold(activity, true);
  }

  private Hold hold(String activity, boolean worksFirst) {
    Hold hold = new Hold(worksFirst, new CountDownLatch(1), new CountDownLatch(1));
    holds.put(activity, hold);
    return hold;
  }

  /** One activity that is held. */
  record Hold(boolean worksFirst, CountDownLatch held, CountDownLatch released) {

    void awaitHeld() throws InterruptedException {
      if (!held.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the activity was not begun");
      }
    }

    void release() {
      released.countDown();
    }

    private void hold(ActivityExecutionContext activity) {
      held.countDown();
      try {
        while (!released.await(200, TimeUnit.MILLISECONDS)) {
          // throws once the workflow is gone
          activity.heartbeat(HELD);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {

      private @Nullable ActivityExecutionContext activity;

      @Override
      public void init(ActivityExecutionContext context) {
        activity = context;
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        ActivityExecutionContext running = Objects.requireNonNull(activity);
        Hold hold = holds.remove(running.getInfo().getActivityType());
        if (hold != null && !hold.worksFirst()) {
          hold.hold(running);
        }
        ActivityOutput output = super.execute(input);
        if (hold != null && hold.worksFirst()) {
          hold.hold(running);
        }
        return output;
      }
    };
  }
}
