package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a running migration: redrawn in place on a terminal, else a line where something changed
 * and one every five seconds for each activity.
 */
public final class ProgressView {

  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
  private static final int WIDTH = 160;

  private final PrintWriter out;
  private final boolean terminal;
  private final long startedAt = System.nanoTime();
  private final Map<String, Rate> rates = new HashMap<>();
  private @Nullable Phase phase;
  private String note = "";
  private int drawn;
  private long plainAt = Long.MIN_VALUE;

  /**
   * @param terminal whether what was written can be overwritten
   */
  public ProgressView(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Shows where the migration stands now. */
  public void show(LiveMigration live) {
    if (terminal) {
      redraw(live);
    } else {
      append(live);
    }
    out.flush();
  }

  private void redraw(LiveMigration live) {
    if (phase != null && phase != live.phase()) {
      erase();
      out.println(stamp() + phase + " done");
    }
    phase = live.phase();
    erase();
    List<String> lines = new ArrayList<>();
    lines.add(stamp() + live.phase() + suffix(live));
    for (ActivityProgress activity : live.activities()) {
      lines.add("        " + ProgressLine.of(activity, rate(activity), true));
    }
    for (String line : lines) {
      out.println(line.length() > WIDTH ? line.substring(0, WIDTH) : line);
    }
    drawn = lines.size();
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private void append(LiveMigration live) {
    String nowNote = suffix(live);
    long now = System.nanoTime();
    if (phase != live.phase() || !note.equals(nowNote)) {
      out.println(stamp() + live.phase() + nowNote);
      phase = live.phase();
      note = nowNote;
      plainAt = now;
    }
    List<String> lines = new ArrayList<>();
    for (ActivityProgress activity : live.activities()) {
      lines.add(stamp() + live.phase() + "  " + ProgressLine.of(activity, rate(activity), false));
    }
    if (now - plainAt >= PLAIN_EVERY.toNanos()) {
      plainAt = now;
      lines.forEach(out::println);
    }
  }

  private static String suffix(LiveMigration live) {
    if (live.workerSilent()) {
      return "  no worker takes the work: does one poll task queue %s?"
          .formatted(TemporalNames.TASK_QUEUE);
    }
    if (live.paused()) {
      return "  paused by an operator";
    }
    return live.awaitingApproval() ? "  waits for an approval" : "";
  }

  private String stamp() {
    long seconds = Duration.ofNanos(System.nanoTime() - startedAt).toSeconds();
    return "%02d:%02d  ".formatted(seconds / 60, seconds % 60);
  }

  private double rate(ActivityProgress activity) {
    Progress progress = activity.progress();
    return progress == null
        ? 0
        : rates
            .computeIfAbsent(activity.activity(), name -> new Rate())
            .take(progress.done(), System.nanoTime());
  }

  /** Units a second, smoothed over some looks. */
  private static final class Rate {
    private static final double WEIGHT = 0.4;

    private long at;
    private long done = -1;
    private double perSecond;

    double take(long nowDone, long now) {
      if (done >= 0 && nowDone >= done && now > at) {
        double latest = (nowDone - done) * 1e9 / (now - at);
        perSecond = perSecond == 0 ? latest : WEIGHT * latest + (1 - WEIGHT) * perSecond;
      } else {
        perSecond = 0;
      }
      done = nowDone;
      at = now;
      return perSecond;
    }
  }
}
