package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Progress;
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
  void withoutATerminalEachStepHasALineEveryFiveSecondsAndOneWhenItEnds() {
    ProgressView view = view(Screen.NONE);

    for (int second = 0; second <= 5; second++) {
      view.show(live(Phase.COPY, null, rows(second * 10L)));
      pass(1);
    }
    view.show(live(Phase.COPY, null));

    assertThat(written.toString().lines())
        .containsExactly(
            "00:00  COPY",
            "00:05  COPY  database   copy rows                 50% 50/100 rows  10 rows/s  5 s left"
                + "  public.queries",
            "00:06  COPY  ended: copy rows");
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
                "acme", true, Phase.PREFLIGHT, false, false, false, true, List.of(), null));

    assertThat(written.toString())
        .contains("no worker takes the work")
        .contains("tenant-migration");
  }

  @Test
  void aTryThatFailedIsShownWithItsReason() {
    view(TERMINAL)
        .show(
            live(
                Phase.COPY,
                null,
                new ActivityProgress("CopyObjects", 3, null, "the bucket did not answer")));

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
        "CopyRows", 1, new Progress(done, 100, "rows", "public.queries"), null);
  }

  private static LiveMigration live(
      Phase phase, @Nullable MigrationReport report, ActivityProgress... activities) {
    return new LiveMigration(
        "acme", true, phase, false, false, false, false, List.of(activities), report);
  }
}
