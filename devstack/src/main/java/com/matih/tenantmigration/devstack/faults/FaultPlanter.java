package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.faults.Fault.Moment;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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

  private synchronized void plant(String activity) {
    List<Fault> due =
        unplanted.stream()
            .filter(fault -> !isLasting(fault) && fault.moment().isMarkedBy(activity))
            .toList();
    for (Fault fault : due) {
      fault.damage().accept(scene);
      unplanted.remove(fault);
      log.info("a fault is injected");
    }
  }

  private static boolean isLasting(Fault fault) {
    return fault.moment() == Moment.WHILE_THE_CACHE_IS_FRESHENED;
  }

  /** Does damage again and again while the activity runs. */
  private <T> T whileDamaging(String activity, Supplier<T> work) {
    List<Fault> lasting =
        unplanted.stream()
            .filter(fault -> isLasting(fault) && fault.moment().isMarkedBy(activity))
            .toList();
    AtomicBoolean ended = new AtomicBoolean();
    List<Thread> threads =
        lasting.stream().map(fault -> new Thread(() -> damage(fault, ended))).toList();
    threads.forEach(Thread::start);
    try {
      return work.get();
    } finally {
      ended.set(true);
    }
  }

  private void damage(Fault fault, AtomicBoolean ended) {
    while (!ended.get()) {
      fault.damage().accept(scene);
    }
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
        plant(activity);
        return whileDamaging(activity, () -> super.execute(input));
      }
    };
  }
}
