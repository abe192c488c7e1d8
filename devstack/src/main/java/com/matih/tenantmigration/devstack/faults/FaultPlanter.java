package com.matih.tenantmigration.devstack.faults;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plants faults right before the activity that marks their moment; whatever begins at the same time
 * waits for it.
 */
public final class FaultPlanter extends WorkerInterceptorBase {

  private static final Logger log = LoggerFactory.getLogger(FaultPlanter.class);

  private final List<Fault> unplanted;
  private final Scene scene;

  public FaultPlanter(Collection<Fault> faults, Scene scene) {
    this.unplanted = new ArrayList<>(faults);
    this.scene = scene;
  }

  /** Returns what was planted. */
  private synchronized List<Fault> plant(String activity) {
    List<Fault> due =
        unplanted.stream().filter(fault -> fault.moment().isMarkedBy(activity)).toList();
    for (Fault fault : due) {
      fault.damage().accept(scene);
      unplanted.remove(fault);
      log.info("a fault is injected");
    }
    return due;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {

      private String activity = "";

      @Override
      public void init(ActivityExecutionContext context) {
        activity = context.getInfo().getActivityType();
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        List<Fault> planted = plant(activity);
        try {
          return super.execute(input);
        } finally {
          planted.forEach(fault -> fault.repair().accept(scene));
        }
      }
    };
  }
}
