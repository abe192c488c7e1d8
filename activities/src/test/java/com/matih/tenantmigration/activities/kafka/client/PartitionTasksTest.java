package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PartitionTasksTest {

  /** A monitor in whose cancel an action runs although its registration was just closed. */
  private static final class Late implements ProgressMonitor {

    private final List<Runnable> actions = new CopyOnWriteArrayList<>();

    @Override
    public void update(Progress progress) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable action) {
      actions.add(action);
      return () -> {};
    }
  }

  @Test
  void anInterruptThatComesLateDoesNotReachTheThreadsNextTask() {
    Late monitor = new Late();
    CountDownLatch last = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean hit = new AtomicBoolean();
    List<Function<ProgressMonitor, Integer>> tasks = new ArrayList<>();
    tasks.add(shared -> begun.incrementAndGet());
    for (int i = 1; i < PartitionTasks.PARALLELISM; i++) {
      tasks.add(
          shared -> {
            await(last);
            return 0;
          });
    }
    tasks.add(
        shared -> {
          monitor.actions.get(0).run();
          hit.set(Thread.currentThread().isInterrupted());
          last.countDown();
          return 0;
        });

    var unused = PartitionTasks.runAll(tasks, monitor);

    assertThat(hit).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
