package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Interruptions;
import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.temporal.HeartbeatMonitor.Reason;
import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCanceledException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class HeartbeatMonitorTest {

  private static final LongestSilence LONG =
      new LongestSilence(Duration.ofMinutes(10), Duration.ofMinutes(10));
  private static final LongestSilence SHORT =
      new LongestSilence(Duration.ofSeconds(2), Duration.ofSeconds(2));
  private static final LongestSilence LONG_WHILE_ANSWERED =
      new LongestSilence(Duration.ofMinutes(10), Duration.ofSeconds(2));

  private final AtomicInteger beats = new AtomicInteger();
  private volatile boolean cancelled;

  @Test
  void anEngineThatGetsNowhereIsGivenUp() throws InterruptedException {
    try (HeartbeatMonitor monitor = new HeartbeatMonitor(activity(), SHORT)) {
      monitor.update(new Progress(3, 9, "rows", "copying shared.orders"));
      CountDownLatch interrupted = new CountDownLatch(1);
      try (Registration registration = monitor.onCancel(interrupted::countDown)) {
        interrupted.await();
      }

      assertThat(monitor.reason()).contains(Reason.NO_PROGRESS);
      assertThat(monitor.stopMessage()).contains("no progress").contains("shared.orders");
    }
  }

  @Test
  void anEngineWhoseServerIsBusyIsNotGivenUp() {
    AtomicInteger asked = new AtomicInteger();
    try (HeartbeatMonitor monitor = new HeartbeatMonitor(activity(), SHORT)) {
      monitor.askWhenSilent("server", "building", () -> asked.incrementAndGet() > 0);

      await().atMost(Duration.ofMinutes(1)).until(() -> asked.get() >= 4);

      assertThat(monitor.isCancelled()).isFalse();
    }
  }

  @Test
  void anEngineWhoseServerDoesNotAnswerIsGivenUpSooner() {
    try (HeartbeatMonitor monitor = new HeartbeatMonitor(activity(), LONG_WHILE_ANSWERED)) {
      monitor.askWhenSilent("server", "rows 1", () -> false);
      monitor.askWhenSilent(
          "another server",
          "rows 1",
          () -> {
            throw new IllegalStateException("no answer");
          });

      await().atMost(Duration.ofMinutes(1)).until(monitor::isCancelled);

      assertThat(monitor.reason()).contains(Reason.NO_PROGRESS);
    }
  }

  @Test
  void anEngineWhoseServersAnswerAndWaitIsGivenTime() {
    AtomicInteger asked = new AtomicInteger();
    try (HeartbeatMonitor monitor = new HeartbeatMonitor(activity(), LONG_WHILE_ANSWERED)) {
      monitor.askWhenSilent("server", "idle", () -> asked.incrementAndGet() < 0);

      await().atMost(Duration.ofMinutes(1)).until(() -> asked.get() >= 2);

      assertThat(monitor.isCancelled()).isFalse();
    }
  }

  @Test
  void anEngineThatDoesNotStopIsInterruptedAndThenLeftBehind() {
    try (HeartbeatMonitor monitor = new HeartbeatMonitor(activity(), LONG)) {
      await().until(() -> beats.get() > 0);
      cancelled = true;
      boolean interrupted = false;
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      assertThat(interrupted).isTrue();
      assertThat(monitor.reason()).contains(Reason.CANCELLED);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ofSeconds(2))
          .until(
              () -> {
                int before = beats.get();
                Thread.sleep(1_500);
                return beats.get() == before;
              });
    }
  }

  @Test
  void anActionThatWasClosedNeverRuns() {
    AtomicInteger ran = new AtomicInteger();
    Interruptions interruptions = new Interruptions();
    interruptions.add(ran::incrementAndGet).close();
    Registration open = interruptions.add(ran::incrementAndGet);

    interruptions.begin();

    await().until(() -> ran.get() == 1);
    open.close();
    interruptions.add(ran::incrementAndGet).close();
    assertThat(ran).as("one that comes late runs at once").hasValue(2);
  }

  private ActivityExecutionContext activity() {
    ActivityInfo info =
        proxy(
            ActivityInfo.class,
            (self, method, arguments) ->
                method.getName().equals("getActivityType") ? "CopyRows" : null);
    return proxy(
        ActivityExecutionContext.class,
        (self, method, arguments) -> {
          if (method.getName().equals("heartbeat")) {
            beats.incrementAndGet();
            if (cancelled) {
              throw new ActivityCanceledException();
            }
          }
          return switch (method.getName()) {
            case "getInfo" -> info;
            case "getHeartbeatDetails" -> Optional.empty();
            default -> null;
          };
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
