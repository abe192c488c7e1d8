package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class WorkPlacesTest {

  private final Semaphore spare = new Semaphore(2, true);
  private final CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);

  @Test
  void anEngineGetsOnThoughOthersHaveTakenAllThatThereIsToSpare() {
    WorkPlaces greedy = WorkPlaces.sharing(spare);
    try (WorkPlaces.Place own = greedy.take(monitor);
        WorkPlaces.Place second = greedy.take(monitor);
        WorkPlaces.Place third = greedy.take(monitor)) {
      assertThat(spare.availablePermits()).isZero();

      WorkPlaces other = WorkPlaces.sharing(spare);
      other.take(monitor).close();
      other.take(monitor).close();
    }
    assertThat(spare.availablePermits()).isEqualTo(2);
  }

  @Test
  void whoWaitsForAPlaceHearsOfACancel() {
    Semaphore none = new Semaphore(0, true);
    WorkPlaces places = WorkPlaces.sharing(none);
    try (WorkPlaces.Place own = places.take(monitor)) {
      CompletableFuture<Void> canceller =
          CompletableFuture.runAsync(
              () -> {
                await().until(none::hasQueuedThreads);
                monitor.cancel();
              });

      assertThatThrownBy(() -> places.take(monitor))
          .isInstanceOfSatisfying(
              MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CANCELLED));
      canceller.join();
    }
  }

  @Test
  void aQuarterOfTheHeapIsToSpare() {
    assertThat(WorkPlaces.spare(512L << 20)).isEqualTo(8);
    assertThat(WorkPlaces.spare(4L << 30)).isEqualTo(64);
  }
}
