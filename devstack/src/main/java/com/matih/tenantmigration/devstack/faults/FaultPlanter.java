package com.matih.tenantmigration.devstack.faults;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plants a fault right before the first check of a worker begins; the other checks wait for it. */
public final class FaultPlanter extends WorkerInterceptorBase {

  private static final Logger log = LoggerFactory.getLogger(FaultPlanter.class);
  private static final String CHECK = "Check";

  private final Fault fault;
  private final Scene scene;
  private boolean planted;

  public FaultPlanter(Fault fault, Scene scene) {
    this.fault = fault;
    this.scene = scene;
  }

  /** Whether the fault is there. */
  public synchronized boolean isPlanted() {
    return planted;
  }

  private synchronized void plantOnce() {
    if (!planted) {
      fault.plant(scene);
      planted = true;
      log.info("the fault is planted");
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
