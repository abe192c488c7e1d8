package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.layout.Colours;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StepTiming;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person sees of a running migration in windows of several sizes. */
class ScreenViewTest {

  private static final Instant BEGAN = ExampleReports.BEGAN;
  private static final String ERASED = "\u001b[J";

  private final StringWriter written = new StringWriter();
  private Instant now = BEGAN;
  private Screen.Size size = new Screen.Size(24, 80);
  private Colours colours = Colours.OFF;

  @Test
  void eightyColumnsShowHowFastItIsHowLongYetAndSinceWhen() {
    ProgressView view = view();

    view.show(live(rows(0), objects(1, null)));
    pass(10);
    view.show(live(rows(60_000), objects(1, null)));

    assertThat(screen())
        .containsExactly(
            "00:10  COPY",
            "       copy rows     50% 60,000/120,000 rows  6,000 rows/s  10 s left  for 10 s",
            "         copying shared_schema.query_runs",
            "       copy objects  for 10 s");
  }

  @Test
  void aNarrowWindowShowsTheNumbersInTwoLines() {
    size = new Screen.Size(24, 60);
    ProgressView view = view();

    view.show(live(rows(0), objects(1, null)));
    pass(10);
    view.show(live(rows(60_000), objects(1, null)));

    assertThat(screen())
        .containsExactly(
            "00:10  COPY",
            "       copy rows  50% 60,000/120,000 rows",
            "         6,000 rows/s  10 s left",
            "         copying shared_schema.query_runs",
            "       copy objects");
  }

  @Test
  void aWideWindowShowsItAllInOneLine() {
    size = new Screen.Size(40, 140);
    ProgressView view = view();

    view.show(live(rows(0)));
    pass(10);
    view.show(live(rows(60_000)));

    assertThat(screen())
        .containsExactly(
            "00:10  COPY",
            "       database   copy rows                [########--------]  50% 60,000/120,000 rows"
                + "  6,000 rows/s  10 s left  for 10 s",
            "         copying shared_schema.query_runs");
  }

  @Test
  void noWindowGetsALineThatIsLongerThanItIsWide() {
    for (int columns = 40; columns <= 200; columns++) {
      size = new Screen.Size(24, columns);
      ProgressView view = view();
      view.show(live(rows(0), objects(3, "the bucket own-bucket did not answer in time")));
      pass(10);
      view.show(live(rows(60_000), objects(3, "the bucket own-bucket did not answer in time")));
      int most = columns;
      assertThat(screen()).allMatch(line -> line.length() <= most);
    }
  }

  @Test
  void whatWasDrawnIsErasedWholeWhenTheWindowHasBecomeNarrower() {
    size = new Screen.Size(24, 100);
    ProgressView view = view();
    view.show(live(rows(0)));
    long drawn = screen().count();
    long broken = screen().filter(line -> line.length() > 50).count();
    assertThat(broken).isPositive();

    size = new Screen.Size(24, 50);
    view.show(live(rows(0)));

    assertThat(written.toString()).contains("\u001b[" + (drawn + broken) + "A" + ERASED);
  }

  @Test
  void aWindowThatIsLowHasNoMoreLinesDrawnThanItShows() {
    size = new Screen.Size(8, 80);
    ProgressView view = view();

    view.show(
        live(
            IntStream.range(0, 12)
                .mapToObj(i -> objects(3, "the bucket did not answer"))
                .toArray(ActivityProgress[]::new)));

    assertThat(screen()).hasSizeLessThan(8).first().asString().startsWith("00:00  COPY");
  }

  @Test
  void aStepThatWaitsSaysForWhatAndForHowLongAndWhichTryItIs() {
    ProgressView view = view();
    pass(43);

    view.show(
        live(
            new ActivityProgress(
                    "FenceDatabaseWrites",
                    2,
                    false,
                    new Progress(0, -1, "", "waiting for app.orders, held by process 4711 (psql)"),
                    "Table app.orders could not be locked in time")
                .startedAt(BEGAN)));

    assertThat(screen())
        .containsExactly(
            "00:43  COPY",
            "       database   fence the tenant's writes  for 43 s",
            "         waiting for app.orders, held by process 4711 (psql)",
            "         try 2 after: Table app.orders could not be locked in time");
  }

  @Test
  void aStepThatNoWorkerIsAtSaysWhetherItWaitsForOneOrForItsNextTry() {
    ProgressView view = view();
    pass(5);

    view.show(live(objects(1, null).dueAt(BEGAN), rows(0).dueAt(BEGAN.plusSeconds(17))));

    assertThat(screen())
        .anyMatch(line -> line.matches(".*copy objects .*waiting for a worker for 5 s"))
        .anyMatch(line -> line.matches(".*copy rows .*next try in 12 s"));
  }

  @Test
  void aStepThatIsPausedShowsHowFarItIs() {
    ProgressView view = view();
    Example copying = new Example(Phase.COPY);
    view.show(copying.live(rows(60_000)));

    copying.wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");
    view.show(copying.live());
    view.show(copying.step("CopyRows", StepTiming.End.STOPPED).live());

    assertThat(screen()).contains("       paused: copy rows at 60,000 of 120,000 rows");
  }

  @Test
  void whoeverComesBackSeesWhatHappenedWithItsOwnTime() {
    Example copying = new Example(Phase.PREFLIGHT).then(Phase.FENCE).then(Phase.COPY);
    copying.wish(AcceptedCommand.Kind.PAUSE, "dana", "lunch");
    pass(3600);
    view().show(copying.live());

    assertThat(written.toString().lines())
        .startsWith("00:01  PREFLIGHT ended after 1.0 s", "00:02  FENCE ended after 1.0 s")
        .anyMatch(line -> line.startsWith("60:00  COPY"));
  }

  @Test
  void whatIsNotOnRecordWithATimeHasNoneForOneWhoComesBack() {
    Example undoing = new Example(Phase.COPY).then(Phase.ROLLING_BACK).undone("RELEASE_FENCE");
    pass(3600);
    ProgressView view = view();
    view.show(undoing.live());
    view.show(undoing.undone("DROP_DATABASE").live());

    assertThat(written.toString())
        .contains("\n       ROLLING_BACK  RELEASE_FENCE done: it was so\n")
        .contains("60:00  ROLLING_BACK  DROP_DATABASE done: it was so\n");
  }

  @Test
  void aViewThatWasStoppedWritesNothingMore() {
    ProgressView view = view();
    view.show(live(rows(0)));
    String before = written.toString();

    view.stop();
    view.show(live(rows(10)));

    assertThat(written).hasToString(before);
  }

  @Test
  void aFailureIsRedAndAWarningYellowWhereThereAreColours() {
    colours = Colours.ON;
    ProgressView view = view();
    Example moving = new Example(Phase.PREFLIGHT).warned("kafka", "events", "offsets differ");
    view.show(moving.live());

    moving.then(Phase.COPY).failed("the disk is full").then(Phase.ROLLING_BACK);
    view.show(moving.live());

    assertThat(written.toString())
        .contains("\u001b[33mWarning: kafka, events: Offsets differ.")
        .contains("\u001b[31mCOPY failed after 1.0 s: the disk is full");
  }

  @Test
  void theLastThingOnAScreenIsTheOutcomeAndWhereTheReportIs() {
    String closing =
        ReportText.closing(
            new Example(Phase.VERIFY).failed("ROW_COUNT failed").report(Outcome.ROLLED_BACK),
            new Screen(true, 80));

    assertThat(closing.lines())
        .containsExactly(
            "",
            "Tenant acme: rolled back; everything is as it was before.",
            "Failed in VERIFY: ROW_COUNT failed",
            "Report: tenant-migration report acme --migration m1");
  }

  private ProgressView view() {
    written.getBuffer().setLength(0);
    InstantSource source = () -> now;
    return new ProgressView(
        new PrintWriter(written),
        Screen.terminal(() -> size, colours),
        source.withZone(ZoneOffset.UTC));
  }

  /** What is drawn after the last erasure. */
  private Stream<String> screen() {
    String all = written.toString();
    return all.substring(all.lastIndexOf(ERASED) + 1).replaceFirst("^\\[J", "").lines();
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private static ActivityProgress rows(long done) {
    return new ActivityProgress(
            "CopyRows",
            1,
            false,
            new Progress(done, 120_000, "rows", "copying shared_schema.query_runs"),
            null)
        .startedAt(BEGAN);
  }

  private static ActivityProgress objects(int attempt, @Nullable String failure) {
    return new ActivityProgress("CopyObjects", attempt, false, null, failure).startedAt(BEGAN);
  }

  private static LiveMigration live(ActivityProgress... activities) {
    return new LiveMigration(
        "acme", true, Phase.COPY, false, false, false, false, List.of(activities), null, null);
  }
}
