package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the report of an online migration says of the time in which the tenant is read-only. */
class ForecastTest extends HeldMigration {

  @Test
  void theReportKeepsWhatWasExpectedLastBeforeTheFence() {
    AtomicInteger times = new AtomicInteger();
    harness.activities.on(
        "FollowTopics", () -> new Followed(new Lag(3, 1.5), 10.0 * times.incrementAndGet()));

    MigrationReport report =
        harness.migrate(MigrationHarness.request(Approval.AUTOMATIC).in(Mode.ONLINE));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.writeFenceSeconds()).isNotNull();
    Forecast forecast = Objects.requireNonNull(report.forecast());
    assertThat(forecast.stores(Phase.DRAIN))
        .containsOnlyKeys("postgres", "objectStorage", "kafka", "elasticsearch", "redis")
        .containsEntry("kafka", 10.0 * times.get())
        .containsEntry("postgres", 0.5);
    assertThat(forecast.parts())
        .filteredOn(part -> part.store() == null)
        .extracting(Forecast.Part::phase)
        .containsExactly(Phase.FENCE, Phase.DRAIN, Phase.CUTOVER);
    assertThat(forecast.seconds())
        .as("stores are drained side by side")
        .isBetween(10.0 * times.get(), 10.0 * times.get() + 10);
    assertThat(report.lag()).as("it follows nothing any more").isEmpty();
  }

  @Test
  void aMigrationThatFollowsTellsLagAndForecast() {
    TenantMigrationWorkflow workflow =
        harness.start(MigrationHarness.onlineRequest(Approval.REQUIRED));
    await(workflow, Phase.AWAITING_APPROVAL);

    MigrationReport report = workflow.status().report();
    assertThat(report.lag()).containsEntry("postgres", new Lag(3, 1.5));
    assertThat(report.forecast()).isNotNull();

    workflow.approveCutover("dana");
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aWorkerThatTellsNothingOfItsRoundsLeavesTheForecastOut() {
    harness.activities.on("FollowRows", () -> null);

    MigrationReport report = harness.migrate(MigrationHarness.onlineRequest(Approval.AUTOMATIC));

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.forecast()).isNull();
  }

  @Test
  void anOfflineMigrationHasNeither() {
    MigrationReport report = harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(report.lag()).isEmpty();
    assertThat(report.forecast()).isNull();
  }

  private static void await(TenantMigrationWorkflow workflow, Phase phase) {
    for (int i = 0; i < 400 && workflow.status().phase() != phase; i++) {
      ScriptedActivities.pause(Duration.ofMillis(50));
    }
    assertThat(workflow.status().phase()).isEqualTo(phase);
  }
}
