package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StepTiming;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressViewTest {

  private static final Screen TERMINAL = new Screen(true, 160);

  private final StringWriter written = new StringWriter();
  private Instant now = ExampleReports.BEGAN;

  @Test
  void withoutATerminalAPhaseIsOneLineHoweverOftenItIsShown() {
    ProgressView view = view(Screen.NONE);

    view.show(live(Phase.PREFLIGHT, null));
    view.show(live(Phase.PREFLIGHT, null));
    view.show(live(Phase.COPY, null));

    assertThat(written.toString().lines()).containsExactly("00:00  PREFLIGHT", "00:00  COPY");
  }

  @Test
  void whatThePreflightWouldHaveOneMindIsToldOnceWhenItHasEnded() {
    ProgressView view = view(Screen.NONE);
    Example moving = new Example(Phase.PREFLIGHT);
    view.show(moving.live());

    view.show(moving.warned("kafka", "events", "offsets differ").then(Phase.PROVISION).live());
    view.show(moving.then(Phase.FENCE).live());

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  PREFLIGHT",
            "00:01  PREFLIGHT ended after 1.0 s",
            "00:01  Warning: kafka, events: Offsets differ.",
            "00:00  PROVISION",
            "00:02  PROVISION ended after 1.0 s",
            "00:00  FENCE  tenant read-only for 0 s");
  }

  @Test
  void aLongLineIsWrappedBehindItsTimeOnATerminal() {
    ProgressView view = view(new Screen(true, 50));
    Example undoing = new Example(Phase.ROLLING_BACK);
    view.show(undoing.live());

    undoing.undone("DROP_DATABASE", "the database acme was dropped with its tables");
    view.show(undoing.then(Phase.ROLLED_BACK).ended(Outcome.ROLLED_BACK));

    assertThat(written.toString())
        .contains(
            """
            00:00  ROLLING_BACK  DROP_DATABASE done: the
                   database acme was dropped with its tables
            """);
  }

  @Test
  void withoutATerminalEachStepHasALineEveryFiveSecondsAndOneWhenItEnds() {
    ProgressView view = view(Screen.NONE);

    for (int second = 0; second <= 5; second++) {
      view.show(live(Phase.COPY, null, rows(second * 10L)));
      pass(1);
    }
    view.show(live(Phase.COPY, null));
    pass(1);
    view.show(live(Phase.COPY, null));

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:05  COPY  database   copy rows                 50% 50/100 rows  10 rows/s  5 s left"
                + "  public.queries",
            "00:07  COPY  database: copy rows ended");
  }

  @Test
  void eachStepsEndIsToldOnceInTheOrderInWhichTheyEnd() {
    ProgressView view = view(Screen.NONE);

    view.show(live(Phase.COPY, null, rows(10), objects(false)));
    for (int look = 0; look < 3; look++) {
      view.show(live(Phase.COPY, null, rows(20)));
    }
    for (int look = 0; look < 3; look++) {
      view.show(live(Phase.COPY, null));
    }

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:00  COPY  objects: copy objects ended",
            "00:00  COPY  database: copy rows ended");
  }

  @Test
  void aPausedStepIsToldAsPausedWithWhoAndWhyAndNotAgainWhenItGoesOn() {
    ProgressView view = view(Screen.NONE);
    Example copying = new Example(Phase.COPY);

    view.show(copying.live(rows(10)));
    copying.wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");
    view.show(copying.live());
    view.show(copying.live());
    copying.step("CopyRows", StepTiming.End.STOPPED).wish(AcceptedCommand.Kind.RESUME, "ada", null);
    view.show(copying.live(rows(10)));
    view.show(copying.live(rows(90)));
    copying.step("CopyRows", StepTiming.End.DONE).then(Phase.WARM);
    view.show(copying.live());

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:00  COPY  paused by dana: lunch",
            "00:00  COPY  database: copy rows paused at 10 of 100 rows",
            "00:00  COPY  resumed by ada",
            "00:00  COPY  database: copy rows ended",
            "00:01  COPY ended after 1.0 s",
            "00:00  WARM");
  }

  @Test
  void aCancelledStepIsToldAsStoppedAndEachStepOfTheWayBackIsNamed() {
    ProgressView view = view(Screen.NONE);
    Example copying = new Example(Phase.COPY);

    view.show(copying.live(rows(10), objects(false)));
    copying.wish(AcceptedCommand.Kind.CANCEL, "dana", "wrong window");
    view.show(copying.live(objects(true)));
    copying
        .step("CopyRows", StepTiming.End.STOPPED)
        .step("CopyObjects", StepTiming.End.STOPPED)
        .cancelled("wrong window")
        .then(Phase.ROLLING_BACK)
        .undone("RELEASE_FENCE");
    view.show(copying.live(new ActivityProgress("DropDatabase", 1, false, null, null)));
    copying.undone("DROP_DATABASE").undone("DELETE_OBJECTS").then(Phase.ROLLED_BACK);
    view.show(copying.ended(Outcome.ROLLED_BACK));

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:00  COPY  cancel requested by dana: wrong window",
            "00:00  COPY  database: copy rows stopped",
            "00:00  COPY  objects: copy objects stopped",
            "00:01  COPY cancelled after 1.0 s: wrong window",
            "00:00  ROLLING_BACK  RELEASE_FENCE done: it was so",
            "00:00  ROLLING_BACK",
            "00:00  ROLLING_BACK  DROP_DATABASE done: it was so",
            "00:00  ROLLING_BACK  DELETE_OBJECTS done: it was so",
            "00:02  ROLLING_BACK ended after 1.0 s",
            "00:00  ROLLED_BACK");
  }

  @Test
  void aStepIsNotCalledEndedWhileOthersAreBeingStopped() {
    ProgressView view = view(Screen.NONE);

    view.show(live(Phase.COPY, null, rows(10), objects(false)));
    for (int look = 0; look < 3; look++) {
      view.show(live(Phase.COPY, null, objects(true)));
    }
    Example failed = new Example(Phase.COPY).step("CopyRows", StepTiming.End.FAILED);
    view.show(failed.step("CopyObjects", StepTiming.End.STOPPED).then(Phase.ROLLING_BACK).live());

    assertThat(written.toString())
        .contains("copy rows failed", "copy objects stopped")
        .doesNotContain("copy rows ended", "copy objects ended");
  }

  @Test
  void theLastLookTellsTheEndOfTheLastPhaseAndThatARefusalTookNoTime() {
    ProgressView view = view(Screen.NONE);
    Example switching = new Example(Phase.CUTOVER);

    view.show(switching.live());
    view.show(switching.then(Phase.COMPLETED).ended(Outcome.COMPLETED));
    ProgressView other = view(Screen.NONE);
    Example refused = new Example(Phase.PREFLIGHT);
    other.show(refused.live());
    other.show(refused.then(Phase.REFUSED).ended(Outcome.REFUSED));

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  CUTOVER",
            "00:01  CUTOVER ended after 1.0 s",
            "00:00  COMPLETED",
            "00:00  PREFLIGHT",
            "00:01  PREFLIGHT ended after 1.0 s",
            "00:00  REFUSED");
  }

  @Test
  void whatPassedBetweenTwoLooksIsToldPhaseByPhase() {
    ProgressView view = view(Screen.NONE);
    Example moving = new Example(Phase.COPY);

    view.show(moving.live());
    moving.step("CopyRows", StepTiming.End.DONE).then(Phase.WARM);
    moving.step("WarmCache", StepTiming.End.DONE).then(Phase.VERIFY);
    view.show(moving.wish(AcceptedCommand.Kind.CANCEL, "dana", "late").live());

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:00  COPY  database: copy rows ended",
            "00:01  COPY ended after 1.0 s",
            "00:01  WARM  cache: warm the cache ended",
            "00:02  WARM ended after 1.0 s",
            "00:02  VERIFY  cancel requested by dana: late",
            "00:00  VERIFY");
  }

  @Test
  void onATerminalTheLastPhaseStaysAsALine() {
    ProgressView view = view(TERMINAL);
    Example undoing = new Example(Phase.ROLLING_BACK).then(Phase.ROLLED_BACK);

    view.show(undoing.live());
    view.show(undoing.ended(Outcome.ROLLED_BACK));

    assertThat(written.toString()).endsWith("\u001b[1A\u001b[J00:00  ROLLED_BACK\n");
  }

  @Test
  void whoeverBeginsToFollowLaterSeesTheClockOfTheMigrationAndWhoPausedIt() {
    Example copying = new Example(Phase.COPY).wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");
    pass(3605);

    view(Screen.NONE).show(copying.live());
    view(TERMINAL).show(copying.live());

    assertThat(written.toString().lines())
        .containsExactly(
            "60:05  COPY  paused by dana: lunch", "60:05  COPY  paused by dana: lunch");
  }

  @Test
  void onATerminalWhatWasDrawnIsDrawnOverAndStepsAreCalledWhatPeopleCallThem() {
    ProgressView view = view(TERMINAL);

    view.show(live(Phase.COPY, null, rows(50)));
    view.show(live(Phase.VERIFY, null));

    assertThat(written.toString())
        .contains("database   copy rows")
        .doesNotContain("CopyRows")
        .contains("[########--------]  50% 50/100 rows  public.queries")
        .contains("\u001b[2A\u001b[J")
        .contains("VERIFY");
  }

  @Test
  void theTimeForWhichTheTenantCannotWriteIsCounted() {
    ProgressView view = view(TERMINAL);
    pass(75);

    view.show(live(Phase.COPY, ExampleReports.running(ExampleReports.BEGAN)));

    assertThat(written.toString())
        .contains("FENCE ended after 2.0 s")
        .contains("01:15  COPY  tenant read-only for 1:15");
  }

  @Test
  void aLineNeverTakesMoreThanItsOwnLine() {
    ProgressView view = view(new Screen(true, 40));

    view.show(live(Phase.COPY, null, rows(50)));

    assertThat(written.toString().lines()).allMatch(line -> line.length() <= 40);
  }

  @Test
  void aMigrationThatNobodyWorksOnSaysSo() {
    view(Screen.NONE)
        .show(
            new LiveMigration(
                "acme", true, Phase.PREFLIGHT, false, false, false, true, List.of(), null, null));

    assertThat(written.toString())
        .contains("no worker is polling task queue")
        .contains("tenant-migration");
  }

  @Test
  void aTryThatFailedIsShownWithItsReason() {
    view(TERMINAL)
        .show(
            live(
                Phase.COPY,
                null,
                new ActivityProgress("CopyObjects", 3, false, null, "the bucket did not answer")));

    assertThat(written.toString()).contains("try 3 after: the bucket did not answer");
  }

  private ProgressView view(Screen screen) {
    InstantSource source = () -> now;
    return new ProgressView(new PrintWriter(written), screen, source.withZone(ZoneOffset.UTC));
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private static ActivityProgress rows(long done) {
    return new ActivityProgress(
        "CopyRows", 1, false, new Progress(done, 100, "rows", "public.queries"), null);
  }

  private static ActivityProgress objects(boolean stopping) {
    return new ActivityProgress("CopyObjects", 1, stopping, null, null);
  }

  private static LiveMigration live(
      Phase phase, @Nullable MigrationReport report, ActivityProgress... activities) {
    return new LiveMigration(
        "acme", true, phase, false, false, false, false, List.of(activities), report, null);
  }
}
