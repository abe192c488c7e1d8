package com.matih.tenantmigration.activities.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowMemoryTest {

  private static final long MEBIBYTE = 1L << 20;

  @Test
  void noMoreIsTakenAtATimeThanThereIsAndEverybodyGetsRoom() throws Exception {
    RowMemory memory = new RowMemory(10 * MEBIBYTE);
    AtomicLong taken = new AtomicLong();
    AtomicLong most = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        long bytes = (i % 4 + 1) * MEBIBYTE;
        all.add(
            threads.submit(
                () -> {
                  try (RowMemory.Lease lease = memory.take(bytes, () -> false)) {
                    most.accumulateAndGet(taken.addAndGet(bytes), Math::max);
                    taken.addAndGet(-bytes);
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(1, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(most.get()).isBetween(MEBIBYTE, 10 * MEBIBYTE);
    assertThat(memory.freeBytes()).isEqualTo(10 * MEBIBYTE);
  }

  @Test
  void whatIsLargerThanAllOfItIsMovedAlone() {
    RowMemory memory = new RowMemory(MEBIBYTE);

    try (RowMemory.Lease lease = memory.take(5 * MEBIBYTE, () -> false)) {
      assertThat(memory.freeBytes()).isZero();
    }
    assertThat(memory.freeBytes()).isEqualTo(MEBIBYTE);
  }

  @Test
  void whoIsAskedToStopDoesNotWait() {
    RowMemory memory = new RowMemory(MEBIBYTE);

    try (RowMemory.Lease lease = memory.take(MEBIBYTE, () -> false)) {
      assertThatThrownBy(() -> memory.take(MEBIBYTE, () -> true))
          .isInstanceOf(MigrationException.class);
    }
  }
}
