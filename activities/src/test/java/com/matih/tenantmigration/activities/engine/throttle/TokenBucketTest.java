package com.matih.tenantmigration.activities.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final TokenBucket bucket = new TokenBucket(0);

  @Test
  void whatIsTakenIsPaidBeforeAnybodyTakesMore() {
    assertThat(bucket.tryTake(3_000, 1_000, 0)).isTrue();
    assertThat(bucket.untilPaid(1_000)).isEqualTo(Duration.ofSeconds(3));

    assertThat(bucket.tryTake(1, 1_000, 2 * SECOND)).isFalse();
    assertThat(bucket.untilPaid(1_000)).isEqualTo(Duration.ofSeconds(1));
    assertThat(bucket.tryTake(1, 1_000, 3 * SECOND)).isTrue();
  }

  @Test
  void whatWasNotTakenIsNotSavedUp() {
    assertThat(bucket.tryTake(1_000, 1_000, 100 * SECOND)).isTrue();
    assertThat(bucket.tryTake(1_000, 1_000, 100 * SECOND)).isFalse();
  }

  @Test
  void aDebtIsPaidByTheRateThatHoldsNow() {
    assertThat(bucket.tryTake(1 << 20, 100, 0)).isTrue();
    assertThat(bucket.untilPaid(100)).isGreaterThan(Duration.ofHours(2));
    assertThat(bucket.untilPaid(1 << 20)).isEqualTo(Duration.ofSeconds(1));

    bucket.clear(0);
    assertThat(bucket.tryTake(1, 100, 0)).isTrue();
  }
}
