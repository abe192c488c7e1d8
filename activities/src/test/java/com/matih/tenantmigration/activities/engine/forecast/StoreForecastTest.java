package com.matih.tenantmigration.activities.engine.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StoreForecastTest {

  private static final StoreForecast STORE = new StoreForecast(StoreName.POSTGRES, 4, 2, 1.5);

  private final AtomicLong clock = new AtomicLong();

  /** Reads 100 units of 1,000 bytes in each tenth of a second. */
  private void read(ReadSample sample) {
    while (sample.goesOn()) {
      clock.addAndGet(100_000_000);
      sample.read(100, 100_000);
    }
  }

  private StoreEstimate estimate(
      long units, Consumer<ReadSample> reading, OptionalLong bytesPerSecond) {
    return STORE.estimate(units, reading, bytesPerSecond, clock::get);
  }

  @Test
  void theSampleIsTakenForAllOfIt() {
    StoreEstimate estimate = estimate(100_000, this::read, OptionalLong.empty());

    assertThat(clock.get()).as("a second is enough").isEqualTo(1_000_000_000);
    assertThat(estimate.copySeconds()).isCloseTo(4 + 2 * 100.0, within(0.01));
    assertThat(estimate.drainSeconds()).isEqualTo(1.5);
  }

  @Test
  void aBoundOnWhatIsReadCountsWhereItIsSlowerThanTheStore() {
    assertThat(estimate(100_000, this::read, OptionalLong.of(100_000)).copySeconds())
        .isCloseTo(4 + 1_000.0, within(0.01));
    assertThat(estimate(100_000, this::read, OptionalLong.of(1_000_000_000)).copySeconds())
        .isCloseTo(4 + 200.0, within(0.01));
  }

  @Test
  void whatWasReadBeforeARestartDoesNotCount() {
    StoreEstimate estimate =
        estimate(
            100_000,
            sample -> {
              clock.addAndGet(900_000_000);
              sample.read(1, 1);
              sample.restart();
              read(sample);
            },
            OptionalLong.empty());

    assertThat(estimate.copySeconds()).isCloseTo(204, within(0.01));
  }

  @Test
  void whatCameAtOnceTakesNoTimeWorthTelling() {
    StoreEstimate estimate =
        estimate(
            20,
            sample -> {
              clock.addAndGet(700_000_000);
              sample.read(20, 400);
              sample.all();
            },
            OptionalLong.empty());

    assertThat(estimate.copySeconds()).isEqualTo(4);
  }

  @Test
  void nothingToCopyTakesWhatIsPrepared() {
    assertThat(estimate(0, sample -> {}, OptionalLong.empty()).copySeconds()).isEqualTo(4);
  }

  @Test
  void aStoreThatCannotBeReadIsNotEstimated() {
    StoreEstimate silent = estimate(100, sample -> {}, OptionalLong.empty());
    StoreEstimate failed =
        estimate(
            100,
            sample -> {
              throw new MigrationException(FailureType.STORE_UNREACHABLE, "It does not answer.");
            },
            OptionalLong.empty());

    assertThat(silent.copySeconds()).isNull();
    assertThat(silent.unknown()).isEqualTo("Nothing could be read within a second.");
    assertThat(failed.copySeconds()).isNull();
    assertThat(failed.unknown()).isEqualTo("It does not answer.");
  }

  @Test
  void aPlanThatWasAskedToStopStops() {
    assertThatThrownBy(
            () ->
                estimate(
                    100,
                    sample -> {
                      throw new MigrationException(FailureType.CANCELLED, "stop");
                    },
                    OptionalLong.empty()))
        .isInstanceOf(MigrationException.class);
  }
}
