package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.starter.html.ReportPage;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  private static final MigrationPlan PLAN =
      new MigrationPlan(
          "acme",
          List.of(new Refusal("postgres", "acme", "the database is not empty", "Empty it.")),
          List.of(new Warning("verification", "api", "no endpoints are named")),
          List.of(
              new LeftBehind(
                  "postgres", "shared.roles", 1_234, "tenant_id is NULL", "Carry them.")),
          List.of("tenants: {tenantColumn: id}"),
          StoresSummary.of(new StoresSummary.Redis(12)),
          null,
          new ThrottleSpec(50_000_000L, Duration.ofSeconds(5)));

  @Test
  void aReportSaysWhatFailedWhatWasMovedHowFastAndWhatWasUndone() {
    assertThat(ReportText.of(ExampleReports.rolledBack()))
        .contains("Tenant acme: rolled back")
        .containsPattern("Tier +unchanged \\(requested: STARTER → ENTERPRISE\\)")
        .containsPattern("Tenant read-only for +1 min 11 s")
        .containsPattern("Failed +in VERIFY: ROW_COUNT <b>failed</b> \\(VERIFICATION_FAILED\\)")
        .containsPattern("COPY +2026-01-01 00:00:00 UTC +1 min 05 s")
        .containsPattern("database +copy rows +200,000 rows, 1.5 KiB +20.0 s +10,000 rows/s")
        .containsPattern("postgres +public.queries +200,000 +rows +1.5 KiB")
        .containsPattern("ROW_COUNT +FAILED +7 +2.0 s +queries: 1 instead of 2")
        .containsPattern("ROW_CONTENT +PASSED +200,?000 +2.0 s")
        .containsPattern("ROW_COUNT +users: 3 instead of 4")
        .containsPattern("DROP_DATABASE +DONE +dropped");
  }

  @Test
  void whatTheChecksWouldHaveOneMindIsToldBesideTheWarningsAndWithoutAny() {
    for (List<Warning> warnings :
        List.of(List.<Warning>of(), List.of(new Warning("kafka", "t", "offsets differ")))) {
      assertThat(ReportTables.of(ExampleReports.noted("plans changed since", warnings)))
          .hasEntrySatisfying(
              "Warnings of the checks",
              notes -> assertThat(notes.toString()).contains("plans changed since"));
    }
  }

  @Test
  void howLongTheTenantOfARunningMigrationIsReadOnlyIsCountedWhenItIsRead() {
    MigrationReport running = ExampleReports.running(Instant.now().minusSeconds(125));

    for (String shown :
        List.of(ReportText.of(running), ReportMarkdown.of(running), ReportPage.of(running))) {
      assertThat(shown).containsPattern("read-only for[^0-9]+2 min [0-9]+ s so far");
    }
  }

  @Test
  void aSnapshotOfAMigrationThatEndedInItsCopyIsSaidToBeOfNoUse() {
    Example copying = new Example(Phase.COPY).snapshot("file:/s/m1");

    assertThat(ReportText.of(copying.report(Outcome.RUNNING)))
        .containsPattern("Snapshot +file:/s/m1 \\(not complete yet\\)")
        .containsPattern("Tier +STARTER → ENTERPRISE with the cutover");
    copying.cancelled("not today").then(Phase.ROLLING_BACK);
    assertThat(ReportText.of(copying.report(Outcome.ROLLED_BACK)))
        .containsPattern("Snapshot +file:/s/m1 \\(incomplete: it cannot be restored\\)");
    assertThat(
            ReportText.of(
                new Example(Phase.COPY)
                    .snapshot("file:/s/m1")
                    .then(Phase.WARM)
                    .report(Outcome.ROLLED_BACK)))
        .containsPattern("Snapshot +file:/s/m1\n");
  }

  @Test
  void whatOperatorsAskedForStandsInTheReport() {
    Example paused = new Example(Phase.COPY).wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");

    assertThat(ReportText.of(paused.report(Outcome.RUNNING)))
        .contains("the migration is paused.")
        .containsPattern("Paused +since 2026-01-01 00:00:00 UTC by dana: lunch")
        .containsPattern("2026-01-01 00:00:00 UTC +COPY +pause +dana +lunch");
    paused.wish(AcceptedCommand.Kind.CANCEL, "ada", "no more");
    assertThat(ReportText.of(paused.report(Outcome.RUNNING))).contains("is being cancelled.");
  }

  @Test
  void commandsThatAReportLeavesOutAreCounted() {
    Example paused =
        new Example(Phase.COPY)
            .wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch")
            .wish(AcceptedCommand.Kind.LEFT_OUT, null, "161 more, see the audit trail");

    assertThat(ReportText.of(paused.report(Outcome.RUNNING)))
        .contains("the migration is paused.")
        .containsPattern("COPY +left out +several +161 more, see the audit trail");
  }

  @Test
  void aStepThatWasCutShortIsNotShownAsOneThatDidItsWork() {
    Example copying =
        new Example(Phase.COPY)
            .step("CopyObjects", StepTiming.End.DONE)
            .step("CopyRows", StepTiming.End.STOPPED);
    Example paused = copying.wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");
    assertThat(ReportText.of(paused.report(Outcome.RUNNING)))
        .containsPattern("copy objects +0\\.0 s\n")
        .containsPattern("copy rows +paused after 0\\.0 s\n");

    MigrationReport cancelled =
        paused
            .wish(AcceptedCommand.Kind.CANCEL, "dana", "no")
            .cancelled("no")
            .then(Phase.ROLLING_BACK)
            .report(Outcome.ROLLED_BACK);
    assertThat(ReportText.of(cancelled)).containsPattern("copy rows +cancelled after 0\\.0 s\n");
    assertThat(ReportMarkdown.of(cancelled)).contains("| copy rows |  | cancelled after 0.0 s |");
    assertThat(ReportPage.of(cancelled))
        .contains(">cancelled after 0.0 s</td>")
        .containsPattern("copy rows <small>database</small>.*>cancelled after 0\\.0 s</em>");
  }

  @Test
  void ofStepsThatWereStoppedTheOneThatFailedIsTold() {
    MigrationReport failed =
        new Example(Phase.COPY)
            .step("CopyRows", StepTiming.End.FAILED)
            .step("CopyObjects", StepTiming.End.STOPPED)
            .failed("the disk is full")
            .then(Phase.ROLLING_BACK)
            .report(Outcome.ROLLED_BACK);

    assertThat(ReportText.of(failed))
        .containsPattern("copy rows +failed after 0\\.0 s\n")
        .containsPattern("copy objects +stopped after 0\\.0 s\n");
  }

  @Test
  void aStepThatWasPausedAndWentOnDidItsWork() {
    MigrationReport resumed =
        new Example(Phase.COPY)
            .step("CopyRows", StepTiming.End.STOPPED)
            .step("CopyRows", StepTiming.End.DONE)
            .report(Outcome.COMPLETED);

    assertThat(ReportText.of(resumed)).containsPattern("copy rows +0\\.0 s\n");
    assertThat(ReportPage.of(resumed))
        .containsPattern("copy rows <small>database</small>.*>paused after 0\\.0 s</em>");
  }

  @Test
  void whatWouldBeWrappedStandsInItsColumn() {
    Example undone =
        new Example(Phase.ROLLING_BACK)
            .undone("DROP_DATABASE", "the database acme was dropped with all its four tables");

    assertThat(ReportText.of(undone.report(Outcome.ROLLED_BACK), null, 60))
        .contains(
            """
              step           status  what was done
              DROP_DATABASE  DONE    the database acme was dropped with
                                     all its four tables
            """);
  }

  @Test
  void whatToMindOfAPlanStandsAboveWhatWouldMove() {
    String text = PlanText.of(PLAN, ExampleReports.request(), Screen.NONE);

    assertThat(text.indexOf("Blockers\n")).isPositive().isLessThan(text.indexOf("Warnings\n"));
    assertThat(text.indexOf("Warnings\n")).isLessThan(text.indexOf("Left behind\n"));
    assertThat(text.indexOf("Left behind\n")).isLessThan(text.indexOf("What would move\n"));
    assertThat(text)
        .containsPattern("postgres +shared.roles +1,234 +tenant_id is NULL\\. +Carry them\\.")
        .endsWith("postgres:\n  tables:\n    tenants: {tenantColumn: id}\n");
  }

  @Test
  void theStatusOfAPausedMigrationNamesItAndWhoPausedItAndHowLongAgo() {
    Example paused = new Example(Phase.COPY).wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");

    assertThat(StatusText.of(paused.live(), ExampleReports.BEGAN.plusSeconds(65), Screen.NONE))
        .startsWith("Tenant acme: the migration is paused.")
        .containsPattern("Phase +COPY, for 1:05")
        .containsPattern("Paused +1:05 ago, by dana: lunch")
        .containsPattern("Migration +m1")
        .doesNotContain("00:00  ");
  }

  @Test
  void theSameReportIsMarkdownWhoseSignsAreItsOwn() {
    assertThat(ReportMarkdown.of(ExampleReports.rolledBack()))
        .startsWith("# Tenant acme: rolled back")
        .contains("> **Failed in VERIFY**: ROW\\_COUNT \\<b\\>failed\\</b\\>")
        .contains("| check | status | compared | took | first finding |\n")
        .contains("| --- | --- | ---: | --- | --- |\n")
        .contains("Offsets \\| differ")
        .contains("```yaml\ntenant: acme\n");
  }

  @Test
  void theRequestIsShownAsItCouldHaveBeenWrittenWithReferencesForSecrets() {
    String text = RequestText.of(ExampleReports.request());

    assertThat(text).contains("settle: 5s", "isolation: schema", "${env:OWN}");
    assertThat(new RequestReader(new YAMLFactory()).read(text).request())
        .contains(ExampleReports.request());
  }

  @Test
  void aPlanNamesEveryRefusalWithItsRemedyAndWhereEverythingGoes() {
    String text = PlanText.of(PLAN, ExampleReports.request(), Screen.NONE);

    assertThat(text)
        .contains("not ready (1 blocker)")
        .contains("Throttle: 50MB/s for each store, waits for replicas more than 5s behind.")
        .containsPattern("postgres +acme +The database is not empty\\. +Empty it.")
        .containsPattern("verification +api +No endpoints are named\\.")
        .containsPattern(
            "postgres +jdbc:postgresql://shared:5432/app, schema tenant_acme"
                + " +jdbc:postgresql://own:5432/acme, schema public");
  }

  @Test
  void aPlanForAChangeBoardSaysTheCourseAndTheWayBackAndNoCredentials() {
    assertThat(PlanMarkdown.of(PLAN, ExampleReports.request()))
        .startsWith("# Change: tenant acme moves from STARTER to ENTERPRISE")
        .contains("its services have 5s to stop writing")
        .contains("- Throttle: 50MB/s for each store, waits for replicas more than 5s behind")
        .contains("| redis (warmed) | redis://shared:6379 | redis://own:6379 |")
        .contains("## Blockers", "## What would move", "## Phases and rollback", "```yaml");
  }

  @Test
  void aTableWithoutRowsHasNoSize() {
    StoresSummary stores =
        StoresSummary.of(
            new StoresSummary.Postgres(List.of(new StoresSummary.Table("public.empty", 0, 21))));

    assertThat(StoresText.moved(stores).toString()).contains("0 B").doesNotContain("21");
  }
}
