package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first activities of a stage, before they begin, from the moment that a tenant's
 * migration arrives there until a test lets it through.
 */
final class StageGate extends WorkerInterceptorBase {

  /** What an activity's own heartbeats tell: the attempt reads it as its own. */
  private static final Progress HELD = new Progress(0, -1, "", "held");

  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /** Watches for the next arrival of a tenant's migration at a stage, instead of any other. */
  Gate at(String tenant, Stage stage) {
    Gate gate = new Gate(stage, new CompletableFuture<>(), new CompletableFuture<>());
    gates.put(TemporalNames.workflowId(tenant), gate);
    return gate;
  }

  /**
   * One stage of one tenant's migration.
   *
   * @param arrived is completed by the first activity, which waits for what hangs on it
   * @param opened lets all through once it is completed
   */
  record Gate(Stage stage, CompletableFuture<Void> arrived, CompletableFuture<Void> opened) {

    void open() {
      var unused = opened.complete(null);
    }

    private void pass(ActivityExecutionContext activity) {
      var unused = arrived.complete(null);
      while (!isOpenSoon()) {
        // throws once the workflow wants it to end
        activity.heartbeat(HELD);
      }
    }

    private boolean isOpenSoon() {
      try {
        var unused = opened.get(200, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } catch (ExecutionException e) {
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
        Gate gate = gates.get(running.getInfo().getWorkflowId());
        if (gate != null && gate.stage().beginsWith(running.getInfo().getActivityType())) {
          gate.pass(running);
        }
        return super.execute(input);
      }
    };
  }
}
