package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandstillTest {

  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant BEFORE = NOW.minusSeconds(30);

  private static Instant since(Optional<Instant> before, Duration worked, boolean gotFurther) {
    return new Standstill(before, LIMIT).since(NOW, worked, Duration.ofSeconds(5), gotFurther);
  }

  @Test
  void theFirstFailureCountsFromTheLastTimeThatTheAttemptMoved() {
    assertThat(since(Optional.empty(), Duration.ofHours(3), true)).isEqualTo(NOW.minusSeconds(5));
    assertThat(since(Optional.empty(), Duration.ZERO, false)).isEqualTo(NOW.minusSeconds(5));
  }

  @Test
  void failuresInARowCountFromTheFirst() {
    assertThat(since(Optional.of(BEFORE), Duration.ofSeconds(1), false)).isEqualTo(BEFORE);
    assertThat(since(Optional.of(BEFORE), LIMIT, false)).isEqualTo(BEFORE);
  }

  @Test
  void anAttemptThatGotFurtherOrWorkedForLongBeginsAnew() {
    assertThat(since(Optional.of(BEFORE), Duration.ofSeconds(1), true))
        .isEqualTo(NOW.minusSeconds(5));
    assertThat(since(Optional.of(BEFORE), LIMIT.plusMillis(1), false))
        .isEqualTo(NOW.minusSeconds(5));
  }
}
