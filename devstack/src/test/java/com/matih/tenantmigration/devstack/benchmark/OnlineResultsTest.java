package com.matih.tenantmigration.devstack.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.devstack.benchmark.OnlineResults.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlineResultsTest {

  @Test
  void theMedianTheExtremesAndTheRatioOfBothSizesAreTold() {
    OnlineResults results =
        OnlineResults.of(
            Machine.here(""),
            4,
            List.of(
                new Run("1x", 20_000, 2.0, 90),
                new Run("10x", 200_000, 3.0, 100),
                new Run("1x", 20_001, 4.0, 110),
                new Run("10x", 200_002, 9.0, 80),
                new Run("1x", 20_003, 2.5, 100),
                new Run("10x", 200_004, 2.0, 120)));

    assertThat(results.sizes())
        .containsExactly(
            new OnlineResults.Size("1x", 20_000, 2.5, 2.0, 4.0, 100),
            new OnlineResults.Size("10x", 200_000, 3.0, 2.0, 9.0, 100));
    assertThat(results.ratio()).isEqualTo(1.2);
    assertThat(results.table().markdown())
        .contains("| 1x | 20,000 | 2.5 | 2.0 | 4.0 | 100 |")
        .contains("| 10x | 200,000 | 3.0 | 2.0 | 9.0 | 100 |");
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    OnlineResults results =
        OnlineResults.of(
            Machine.here(""), 4, List.of(new Run("1x", 10, 2.0, 90), new Run("1x", 10, 3.0, 100)));

    assertThat(results.sizes()).containsExactly(new OnlineResults.Size("1x", 10, 2.5, 2, 3, 95));
  }
}
