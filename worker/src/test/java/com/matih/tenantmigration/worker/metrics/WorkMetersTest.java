package com.matih.tenantmigration.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.Progress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class WorkMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WorkMeters meters = new WorkMeters(registry);

  @Test
  void theCopiesAreKnownBeforeTheFirstOfThemBegins() {
    assertThat(processed("ReplayTopics", "records")).isZero();
    assertThat(remaining("CopyObjects", "objects")).isZero();
  }

  @Test
  void workOfSeveralMigrationsAddsUp() {
    WorkMeters.Attempt acme = attempt();
    WorkMeters.Attempt globex = attempt();

    acme.progressed(progress(30, 100));
    globex.progressed(progress(10, 50));

    assertThat(processed("CopyRows", "rows")).isEqualTo(40);
    assertThat(remaining("CopyRows", "rows")).isEqualTo(110);

    acme.close();

    assertThat(remaining("CopyRows", "rows")).isEqualTo(40);
  }

  @Test
  void whatAnEarlierAttemptDidIsNotCountedAgain() {
    WorkMeters.Attempt second = attempt();

    second.resumedAt(progress(60, 100));
    second.progressed(progress(75, 100));

    assertThat(processed("CopyRows", "rows")).isEqualTo(15);
    assertThat(remaining("CopyRows", "rows")).isEqualTo(25);
  }

  @Test
  void aValueThatAnotherThreadOvertookTakesNothingBack() {
    WorkMeters.Attempt attempt = attempt();

    attempt.progressed(progress(20, 100));
    attempt.progressed(progress(10, 100));
    attempt.progressed(progress(30, 100));

    assertThat(processed("CopyRows", "rows")).isEqualTo(30);
    assertThat(remaining("CopyRows", "rows")).isEqualTo(70);
  }

  @Test
  void workWhoseEndIsNotKnownLeavesNothingToShow() {
    WorkMeters.Attempt attempt = attempt();

    attempt.progressed(progress(20, -1));

    assertThat(processed("CopyRows", "rows")).isEqualTo(20);
    assertThat(remaining("CopyRows", "rows")).isZero();
  }

  private WorkMeters.Attempt attempt() {
    return new WorkMeters.Attempt(meters.of("CopyRows", "rows"));
  }

  private static Progress progress(long done, long total) {
    return new Progress(done, total, "rows", "copying");
  }

  private double processed(String activity, String unit) {
    return registry
        .get("tenant.migration.processed")
        .tags("activity", activity, "unit", unit)
        .counter()
        .count();
  }

  private double remaining(String activity, String unit) {
    return registry
        .get("tenant.migration.remaining")
        .tags("activity", activity, "unit", unit)
        .gauge()
        .value();
  }
}
