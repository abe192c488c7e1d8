package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressViewTest {

  private final StringWriter written = new StringWriter();

  @Test
  void withoutATerminalAPhaseIsOneLineHoweverOftenItIsShown() {
    ProgressView view = new ProgressView(new PrintWriter(written), false);

    view.show(live(Phase.PREFLIGHT, false));
    view.show(live(Phase.PREFLIGHT, false));
    view.show(live(Phase.COPY, false));

    assertThat(written.toString().lines()).containsExactly("00:00  PREFLIGHT", "00:00  COPY");
  }

  @Test
  void onATerminalWhatWasDrawnIsDrawnOver() {
    ProgressView view = new ProgressView(new PrintWriter(written), true);

    view.show(
        live(
            Phase.COPY,
            false,
            new ActivityProgress(
                "CopyRows", 1, new Progress(50, 100, "rows", "public.queries"), null)));
    view.show(live(Phase.VERIFY, false));

    assertThat(written.toString())
        .contains("CopyRows")
        .contains("[############------------] 50/100 rows  public.queries")
        .contains("\u001b[2A\u001b[J")
        .contains("COPY done")
        .contains("VERIFY");
  }

  @Test
  void aMigrationThatNobodyWorksOnSaysSo() {
    new ProgressView(new PrintWriter(written), false).show(live(Phase.PREFLIGHT, true));

    assertThat(written.toString())
        .contains("no worker takes the work")
        .contains("tenant-migration");
  }

  @Test
  void aTryThatFailedIsShownWithItsReason() {
    new ProgressView(new PrintWriter(written), true)
        .show(
            live(
                Phase.COPY,
                false,
                new ActivityProgress("CopyObjects", 3, null, "the bucket did not answer")));

    assertThat(written.toString()).contains("try 3 after: the bucket did not answer");
  }

  private static LiveMigration live(Phase phase, boolean silent, ActivityProgress... activities) {
    return new LiveMigration(
        "acme", true, phase, false, false, false, silent, List.of(activities), null);
  }
}
