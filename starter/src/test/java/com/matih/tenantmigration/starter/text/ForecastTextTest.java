package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.matih.tenantmigration.starter.html.ReportPage;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.report.forecast.Forecast.Part;
import com.matih.tenantmigration.workflow.report.forecast.PlanForecast;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForecastTextTest {

  private static final Forecast READ_ONLY =
      new Forecast(
          4.5,
          List.of(
              new Part(Phase.FENCE, null, 1),
              new Part(Phase.DRAIN, null, 1.5),
              new Part(Phase.DRAIN, "postgres", 1.5),
              new Part(Phase.DRAIN, "kafka", 0.7),
              new Part(Phase.CUTOVER, null, 2)));

  private static final Map<String, Lag> LAG = Map.of("postgres", new Lag(1_234, 2.5));

  /** A follower of a store that has taken a round. */
  private static ActivityProgress follower(String activity, double drainSeconds) {
    Progress progress =
        new Progress(10, -1, "changes", "waiting")
            .following(new Followed(new Lag(3, 1.5), drainSeconds));
    return new ActivityProgress(activity, 1, false, progress, null);
  }

  private static MigrationReport following(Phase phase) {
    return new Example(phase).report(Outcome.RUNNING).following(LAG, READ_ONLY);
  }

  @Test
  void aReportOfAMigrationThatFollowsTellsItsLagAndForecast() {
    assertThat(ReportText.of(following(Phase.VERIFY)))
        .containsPattern("Behind +postgres 2\\.5 s \\(1,234 changes\\)")
        .contains(
            "about 4.5 s: FENCE 1.0 s, DRAIN 1.5 s (postgres 1.5 s, kafka 0.7 s), CUTOVER 2.0 s");
  }

  @Test
  void fromTheFenceOnNothingIsForecast() {
    assertThat(following(Phase.FENCE).lag()).isEmpty();
    assertThat(ReportText.of(following(Phase.FENCE))).doesNotContain("about 4.5 s", "Behind");
  }

  @Test
  void statusAddsUpWhatTheFollowersTell() throws JsonProcessingException {
    LiveMigration live =
        new Example(Phase.AWAITING_APPROVAL)
            .live(
                follower("FollowRows", 1.5),
                new ActivityProgress("WatchCapture", 1, false, null, null));

    assertThat(StatusText.of(live, ExampleReports.BEGAN, Screen.NONE))
        .containsPattern(
            "Read-only if now +about [0-9.]+ s: FENCE [^(]+DRAIN 1.5 s \\(postgres 1.5 s");
    String json = new ObjectMapper().registerModule(new JavaTimeModule()).writeValueAsString(live);
    assertThat(new ObjectMapper().readTree(json).at("/forecast/parts"))
        .anySatisfy(
            part -> {
              assertThat(part.path("store").asText()).isEqualTo("postgres");
              assertThat(part.path("seconds").asDouble()).isEqualTo(1.5);
            });
  }

  @Test
  void aStoreThatNobodyKnowsOfYetLeavesTheForecastOut() {
    assertThat(new Example(Phase.COPY).live(follower("FollowTopics", 1.5)).forecast()).isNull();
  }

  @Test
  void whatNoFollowerTellsNowIsTakenFromTheRecord() {
    Example verifying = new Example(Phase.VERIFY);
    LiveMigration silent = verifying.live();
    LiveMigration recorded =
        new LiveMigration(
            "acme",
            true,
            Phase.VERIFY,
            false,
            false,
            false,
            false,
            List.of(),
            verifying
                .report(Outcome.RUNNING)
                .following(LAG, new Forecast(9, List.of(new Part(Phase.DRAIN, "postgres", 3)))),
            null);

    assertThat(silent.forecast()).isNull();
    assertThat(recorded.forecast()).isNotNull();
    assertThat(recorded.forecast().stores(Phase.DRAIN)).containsEntry("postgres", 3.0);
  }

  @Test
  void aReportComparesWhatWasExpectedWithWhatItTook() {
    MigrationReport report = compared();

    assertThat(ReportText.of(report))
        .containsPattern("Tenant read-only for +3\\.0 s \\(forecast: 4\\.5 s\\)")
        .contains("Read-only time")
        .containsPattern("FENCE +1\\.0 s +1\\.0 s")
        .containsPattern("DRAIN +postgres +1\\.5 s +0\\.0 s")
        .containsPattern("all +4\\.5 s +3\\.0 s");
    assertThat(ReportPage.of(report)).contains("Read-only time");
  }

  /** Each phase took a second. */
  private static MigrationReport compared() {
    MigrationReport plain =
        new Example(Phase.FENCE)
            .then(Phase.DRAIN)
            .step("DrainRows", StepTiming.End.DONE)
            .then(Phase.CUTOVER)
            .then(Phase.COMPLETED)
            .report(Outcome.COMPLETED);
    return ExampleReports.fenced(plain, 3.0).following(Map.of(), READ_ONLY);
  }

  @Test
  void aPlanSaysHowLongItWouldTake() {
    PlanForecast forecast =
        new PlanForecast(
            new Forecast(
                7_260,
                List.of(
                    new Part(Phase.COPY, null, 7_260),
                    new Part(Phase.COPY, "postgres", 7_260),
                    new Part(Phase.COPY, "kafka", 12))),
            READ_ONLY,
            List.of(new StoreEstimate("elasticsearch", null, null, "It did not answer.")));
    MigrationPlan plan =
        new MigrationPlan(
            "acme", List.of(), List.of(), List.of(), List.of(), StoresSummary.NONE, forecast, null);

    assertThat(PlanText.of(plan, ExampleReports.request(), Screen.NONE))
        .contains("How long it would take")
        .containsPattern("copy +postgres +2 h 01 min")
        .containsPattern("copy +kafka +less than a minute")
        .containsPattern("tenant read-only +4\\.5 s")
        .containsPattern("in DRAIN +kafka +0\\.7 s")
        .containsPattern("not measured +elasticsearch +It did not answer\\.");
    assertThat(PlanMarkdown.of(plan, ExampleReports.request()))
        .contains("## How long it would take");
  }
}
