package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConvergenceTest {

  private static Convergence rounds(int... seconds) {
    return throttledRounds(0, seconds);
  }

  private static Convergence throttledRounds(int waited, int... seconds) {
    Convergence convergence = new Convergence();
    for (int length : seconds) {
      convergence.add(1_000L * length, Duration.ofSeconds(length), Duration.ofSeconds(waited));
    }
    return convergence;
  }

  @Test
  void roundsThatStayLongAreTold() {
    assertThat(rounds(40, 41, 39, 40, 42).warning())
        .contains("Rounds do not get shorter", "1,000 changes a second", "Raise parallelism");
  }

  @Test
  void whatTheThrottleHoldsUpIsToldAndNotForecast() {
    Convergence held = throttledRounds(35, 40, 41, 39, 40, 42);

    assertThat(held.warning()).contains("Raise the throttle's bytesPerSecond");
    assertThat(held.nextRound()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void roundsThatGetShorterOrAreShortAreNot() {
    assertThat(rounds(400, 100, 40, 20, 12).warning()).isEmpty();
    assertThat(rounds(5, 5, 5, 5, 5).warning()).isEmpty();
  }

  @Test
  void aFewRoundsSayNothing() {
    assertThat(rounds(40, 40, 40).warning()).isEmpty();
  }
}
