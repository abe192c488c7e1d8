package com.matih.tenantmigration.devstack.faults;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plants faults right before the first check of a worker begins; the other checks wait for it. */
public final class FaultPlanter extends WorkerInterceptorBase {

  private static final Logger log = LoggerFactory.getLogger(FaultPlanter.class);
  private static final String CHECK = "Check";

  private final Deque<Fault> unplanted;
  private final Scene scene;

  public FaultPlanter(Collection<Fault> faults, Scene scene) {
    this.unplanted = new ArrayDeque<>(faults);
    this.scene = scene;
  }

  private synchronized void plantOnce() {
    while (!unplanted.isEmpty()) {
      unplanted.element().plant(scene);
      unplanted.remove();
      log.info("a fault is injected");
    }
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {

      private boolean check;

      @Override
      public void init(ActivityExecutionContext context) {
        check = context.getInfo().getActivityType().startsWith(CHECK);
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        if (check) {
          plantOnce();
        }
        return super.execute(input);
      }
    };
  }
}
