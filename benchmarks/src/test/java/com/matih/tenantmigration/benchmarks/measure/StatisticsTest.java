package com.matih.tenantmigration.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.matih.tenantmigration.benchmarks.measure.Statistics.Ratio;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians and ratios of known figures. */
class StatisticsTest {

  private static final long MEGABYTE = 1_000_000;

  @Test
  void takesTheMiddleRoundOfEachFigureAndTheHighestPeak() {
    var median = new Statistics(rounds("a", 3, 1, 8)).medians().get(0);

    assertThat(median.contender()).isEqualTo("a");
    assertThat(median.wallSeconds()).isEqualTo(3);
    assertThat(median.processorSeconds().total()).isEqualTo(9);
    assertThat(median.peakResidentBytes()).isEqualTo(8 * MEGABYTE);
  }

  @Test
  void takesTheMeanOfTheTwoMiddleRoundsOfAnEvenNumber() {
    assertThat(new Statistics(rounds("a", 1, 2, 4, 9)).medians().get(0).wallSeconds()).isEqualTo(3);
  }

  @Test
  void dividesMediansAndTellsTheSpreadOfTheRounds() {
    List<Measurement> both = new ArrayList<>(rounds("a", 1, 2, 4));
    both.addAll(rounds("b", 4, 4, 2));

    Ratio ratio = new Statistics(both).ratio("a", "b");

    assertThat(ratio.wall().ofMedians()).isCloseTo(0.5, within(1e-9));
    assertThat(ratio.wall().lowest()).isCloseTo(0.25, within(1e-9));
    assertThat(ratio.wall().highest()).isCloseTo(2, within(1e-9));
    assertThat(ratio.sharedServer().highest()).isCloseTo(2, within(1e-9));
  }

  @Test
  void tellsNoRatioToSecondsThatWereTooFewToCount() {
    Measurement none = new Measurement("b", 1, 1, new ProcessorSeconds(1, 0, 1), null, 1);
    List<Measurement> both = new ArrayList<>(rounds("a", 1));
    both.add(none);

    Ratio ratio = new Statistics(both).ratio("a", "b");

    assertThat(ratio.wall()).isNotNull();
    assertThat(ratio.sharedServer()).isNull();
  }

  @Test
  void tellsNothingOfProcessorsWhereTheSystemDoesNot() {
    List<Measurement> both =
        List.of(
            new Measurement("a", 1, 1, null, null, 1), new Measurement("b", 1, 2, null, null, 1));
    Statistics statistics = new Statistics(both);

    assertThat(statistics.medians().get(0).processorSeconds()).isNull();
    assertThat(statistics.ratio("a", "b").processor()).isNull();
    assertThat(statistics.ratio("a", "b").wall().ofMedians()).isEqualTo(0.5);
  }

  /** Rounds in which each process took the processor as long as the clock. */
  private static List<Measurement> rounds(String contender, int... seconds) {
    List<Measurement> rounds = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      rounds.add(
          new Measurement(
              contender,
              i + 1,
              seconds[i],
              new ProcessorSeconds(seconds[i], seconds[i], seconds[i]),
              seconds[i] * MEGABYTE,
              1));
    }
    return rounds;
  }
}
