package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FollowingProgressTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final FollowingProgress progress = new FollowingProgress("changes");

  private static long ago(Duration time) {
    return System.nanoTime() - time.toNanos();
  }

  private double drainSeconds() {
    return progress.during("waiting").followed().map(Followed::drainSeconds).orElseThrow();
  }

  @Test
  void nothingIsForecastBeforeTheFirstRound() {
    assertThat(progress.during("opening").followed()).isEmpty();
  }

  @Test
  void theDrainTakesAsLongAsALaterRoundAndWhatIsDoneBesideIt() {
    Progress told = progress.afterRound(7, ago(LONG), "a round");
    assertThat(told.followed().map(last -> last.lag().changes())).hasValue(7L);
    assertThat(drainSeconds()).isBetween(30.0, 31.0);

    progress.beside(ago(Duration.ofSeconds(5)));
    assertThat(drainSeconds()).isBetween(35.0, 36.0);
  }

  @Test
  void aFirstRoundWithAllThatWaitedDoesNotCountForLong() {
    var unusedFirst = progress.afterRound(1_000_000, ago(LONG), "the first round");
    var unusedSecond = progress.afterRound(10, ago(Duration.ofSeconds(1)), "the second round");

    assertThat(drainSeconds()).isBetween(1.0, 3.0);
  }

  @Test
  void betweenRoundsTheLagIsThatOfTheLastOne() {
    var unused = progress.afterRound(7, ago(LONG), "a round");

    assertThat(progress.during("listing objects").lag()).isNotNull();
    assertThat(progress.during("listing objects").done()).isEqualTo(7);
  }
}
