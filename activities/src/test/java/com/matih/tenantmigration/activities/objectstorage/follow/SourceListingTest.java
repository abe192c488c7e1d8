package com.matih.tenantmigration.activities.objectstorage.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SourceListingTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:10Z");

  @Test
  void whatMayBeWrittenAgainWithinTheSameSecondIsYoung() {
    assertThat(SourceListing.isYoung(NOW, NOW)).isTrue();
    assertThat(SourceListing.isYoung(NOW.minusSeconds(1), NOW)).isTrue();
    assertThat(SourceListing.isYoung(NOW.minusMillis(1999), NOW)).isTrue();
  }

  @Test
  void aClockThatIsAheadMakesYoung() {
    assertThat(SourceListing.isYoung(NOW.plusSeconds(60), NOW)).isTrue();
  }

  @Test
  void aLaterWriteThanThatOfTwoSecondsAgoShowsAnotherTime() {
    assertThat(SourceListing.isYoung(NOW.minusSeconds(2), NOW)).isFalse();
    assertThat(SourceListing.isYoung(NOW.minusSeconds(3600), NOW)).isFalse();
  }
}
