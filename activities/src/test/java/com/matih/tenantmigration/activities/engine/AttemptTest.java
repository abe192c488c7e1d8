package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptTest {

  private static final long SCHEDULED = 1_795_900_000_000L;

  @Test
  void attemptsAreInTheOrderInWhichTheyWereScheduled() {
    assertThat(Attempt.of(SCHEDULED, 1).isBefore(Attempt.of(SCHEDULED + 1, 1))).isTrue();
    assertThat(Attempt.of(SCHEDULED, 20).isBefore(Attempt.of(SCHEDULED + 1, 1)))
        .as("an activity that is scheduled again begins at attempt 1")
        .isTrue();
    assertThat(Attempt.of(SCHEDULED, 1).isBefore(Attempt.of(SCHEDULED, 2))).isTrue();
    assertThat(Attempt.of(SCHEDULED, 2).isBefore(Attempt.of(SCHEDULED, 2))).isFalse();
  }

  @Test
  void anOrderIsExactWhereNumbersAreOfDoublePrecision() {
    long order = Attempt.of(SCHEDULED, 1_000_000).order();

    assertThat((long) (double) order).isEqualTo(order).isLessThan(1L << 53);
  }

  @Test
  void withoutAWorkflowEachIsLaterThanTheOneBefore() {
    Attempt first = Attempt.next();

    assertThat(first.isBefore(Attempt.next())).isTrue();
  }
}
