package com.matih.tenantmigration.workflow.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutoverSpecTest {

  private static Instant next(String notBefore, String window, String now) {
    return new CutoverSpec(notBefore, window).next(Instant.parse(now));
  }

  @ParameterizedTest
  @CsvSource({
    // before it, within it, at its end, after it
    "02:00-04:00 UTC, 2027-03-01T01:00:00Z, 2027-03-01T02:00:00Z",
    "02:00-04:00 UTC, 2027-03-01T03:59:59Z, 2027-03-01T03:59:59Z",
    "02:00-04:00 UTC, 2027-03-01T04:00:00Z, 2027-03-02T02:00:00Z",
    // over midnight
    "23:00-01:00 UTC, 2027-03-01T00:30:00Z, 2027-03-01T00:30:00Z",
    "23:00-01:00 UTC, 2027-03-01T12:00:00Z, 2027-03-01T23:00:00Z",
    // where clocks are an hour ahead in winter and two in summer
    "02:00-04:00 Europe/Berlin, 2027-01-10T12:00:00Z, 2027-01-11T01:00:00Z",
    "02:00-04:00 Europe/Berlin, 2027-07-10T12:00:00Z, 2027-07-11T00:00:00Z",
    // two o'clock does not exist on that day
    "02:00-02:30 Europe/Berlin, 2027-03-28T00:30:00Z, 2027-03-28T01:00:00Z"
  })
  void aWindowComesEveryDay(String window, String now, String expected) {
    assertThat(next(null, window, now)).isEqualTo(expected);
  }

  @Test
  void aMomentComesOnce() {
    String moment = "2027-01-31T22:00:00+01:00";

    assertThat(next(moment, null, "2027-01-31T20:00:00Z")).isEqualTo("2027-01-31T21:00:00Z");
    assertThat(next(moment, null, "2027-02-01T00:00:00Z")).isEqualTo("2027-02-01T00:00:00Z");
  }

  @Test
  void theFirstWindowAfterTheMomentCounts() {
    assertThat(next("2027-01-31T03:00:00Z", "02:00-04:00 UTC", "2027-01-01T00:00:00Z"))
        .isEqualTo("2027-01-31T03:00:00Z");
    assertThat(next("2027-01-31T05:00:00Z", "02:00-04:00 UTC", "2027-01-01T00:00:00Z"))
        .isEqualTo("2027-02-01T02:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "2:00-4:00 UTC",
        "02:00-04:00",
        "02:00-04:00 Mars/Olympus",
        "02:00-02:00 UTC",
        "25:00-26:00 UTC"
      },
      delimiter = '|')
  void whatIsNoWindowIsNotReadable(String window) {
    assertThat(new CutoverSpec(null, window).hasReadableWindow()).isFalse();
  }

  @Test
  void whatIsNoMomentIsNotReadable() {
    assertThat(new CutoverSpec("tomorrow", null).hasReadableMoment()).isFalse();
    assertThat(new CutoverSpec("2027-01-31T22:00:00", null).hasReadableMoment()).isFalse();
    assertThat(new CutoverSpec("+999999999-12-31T23:59:59Z", null).hasReadableMoment()).isFalse();
    assertThat(new CutoverSpec("2201-01-01T00:00:00Z", null).hasReadableMoment()).isFalse();
    assertThat(new CutoverSpec("2200-12-31T23:59:59Z", null).hasReadableMoment()).isTrue();
    assertThat(new CutoverSpec(null, null).hasReadableMoment()).isTrue();
  }
}
