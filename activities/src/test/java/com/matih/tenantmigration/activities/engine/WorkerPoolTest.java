package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class WorkerPoolTest {

  @Test
  void everyTaskRunsAndNoMoreThanAllowedAtATime() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (WorkerPool pool = new WorkerPool("test", 3, ProgressMonitor.unmonitored())) {
      for (int i = 0; i < 200; i++) {
        pool.submit(
            () -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              running.decrementAndGet();
              done.incrementAndGet();
            });
      }
      pool.awaitAll();
    }

    assertThat(done).hasValue(200);
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void theFirstFailureStopsTheOthersAndIsTheOneThatIsThrown() {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    try (WorkerPool pool = new WorkerPool("test", 2, ProgressMonitor.unmonitored())) {
      pool.submit(() -> interrupted.set(sleepsUntilInterrupted(started)));
      pool.submit(
          () -> {
            await(started);
            throw new IllegalArgumentException("the first");
          });

      assertThatThrownBy(pool::awaitAll).hasMessage("the first");
    }

    assertThat(interrupted).isTrue();
  }

  @Test
  void aCancelInterruptsWhatRuns() {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(1);
    try (WorkerPool pool = new WorkerPool("test", 1, monitor)) {
      pool.submit(() -> interrupted.set(sleepsUntilInterrupted(started)));
      await(started);
      monitor.update(new Progress(1, 1, "objects", ""));

      assertThatThrownBy(pool::awaitAll)
          .isInstanceOfSatisfying(
              MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CANCELLED));
    }

    assertThat(interrupted).isTrue();
  }

  @Test
  void aFailureEndsWhatTheOtherTasksHaveOpened() {
    CountDownLatch ended = new CountDownLatch(1);
    try (WorkerPool pool = new WorkerPool("test", 2, ProgressMonitor.unmonitored())) {
      CountDownLatch opened = new CountDownLatch(1);
      pool.submit(
          () -> {
            try (ProgressMonitor.Registration connection =
                WorkScope.current().onCancel(ended::countDown)) {
              opened.countDown();
              awaitWhateverInterrupts(ended);
              assertThat(WorkScope.current().isCancelled()).isTrue();
            }
          });
      pool.submit(
          () -> {
            await(opened);
            throw new IllegalArgumentException("the first");
          });

      assertThatThrownBy(pool::awaitAll).hasMessage("the first");
    }

    assertThat(ended.getCount()).isZero();
  }

  @Test
  void anErrorInATaskIsAFailureOfTheWork() {
    try (WorkerPool pool = new WorkerPool("test", 1, ProgressMonitor.unmonitored())) {
      pool.submit(
          () -> {
            throw new OutOfMemoryError();
          });

      assertThatThrownBy(pool::awaitAll)
          .isInstanceOf(MigrationException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void closeWaitsForATaskThatNoInterruptReaches() {
    AtomicBoolean ended = new AtomicBoolean();
    try (WorkerPool pool = new WorkerPool("test", 1, ProgressMonitor.unmonitored())) {
      CountDownLatch started = new CountDownLatch(1);
      pool.submit(
          () -> {
            started.countDown();
            long until = System.nanoTime() + 300_000_000;
            while (System.nanoTime() < until) {
              Thread.onSpinWait();
            }
            ended.set(true);
          });
      await(started);
    }

    assertThat(ended).isTrue();
  }

  @Test
  void answersComeInTheOrderOfTheirTasks() {
    CountDownLatch last = new CountDownLatch(1);
    List<Function<ProgressMonitor, Integer>> tasks =
        List.of(
            monitor -> {
              await(last);
              return 1;
            },
            monitor -> 2,
            monitor -> {
              last.countDown();
              return 3;
            });

    assertThat(WorkerPool.callAll("test", ProgressMonitor.unmonitored(), tasks))
        .containsExactly(1, 2, 3);
  }

  @Test
  void aCancelThatComesAfterTheEndReachesNobody() {
    List<Runnable> onCancel = new CopyOnWriteArrayList<>();
    ProgressMonitor monitor =
        new ProgressMonitor() {
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
            onCancel.add(action);
            return () -> {};
          }
        };
    List<Integer> answers = WorkerPool.callAll("test", monitor, List.of(shared -> 1));

    onCancel.forEach(Runnable::run);

    assertThat(answers).containsExactly(1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private static void awaitWhateverInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static boolean sleepsUntilInterrupted(CountDownLatch started) {
    started.countDown();
    try {
      Thread.sleep(60_000);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
