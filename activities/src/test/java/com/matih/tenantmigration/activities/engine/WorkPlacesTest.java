package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkPlacesTest {

  private final Semaphore spare = new Semaphore(2, true);
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final ProgressMonitor monitor = new Cancellable();

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
    WorkPlaces places = WorkPlaces.sharing(new Semaphore(0));
    try (WorkPlaces.Place own = places.take(monitor)) {
      cancelled.set(true);

      assertThatThrownBy(() -> places.take(monitor))
          .isInstanceOfSatisfying(
              MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CANCELLED));
    }
  }

  @Test
  void aQuarterOfTheHeapIsToSpare() {
    assertThat(WorkPlaces.spare(512L << 20)).isEqualTo(8);
    assertThat(WorkPlaces.spare(4L << 30)).isEqualTo(64);
  }

  private final class Cancellable implements ProgressMonitor {

    @Override
    public void update(Progress progress) {
      throw new IllegalStateException("nobody works");
    }

    @Override
    public boolean isCancelled() {
      return cancelled.get();
    }

    @Override
    public void throwIfCancelled() {
      if (cancelled.get()) {
        throw new MigrationException(FailureType.CANCELLED, "The work was asked to stop.");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }
}
