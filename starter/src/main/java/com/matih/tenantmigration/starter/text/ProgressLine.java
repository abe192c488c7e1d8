package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;

/** One step's progress in one line: what it works on, how far it is, how fast, how long yet. */
final class ProgressLine {

  private static final int BAR = 16;

  private ProgressLine() {}

  /**
   * The line.
   *
   * @param perSecond how many units a second, or 0 where that is not known yet
   * @param bar whether to draw one
   */
  static String of(ActivityProgress activity, double perSecond, boolean bar) {
    StringBuilder line = new StringBuilder(name(activity.activity()));
    Progress progress = activity.progress();
    if (progress != null && !progress.unit().isEmpty()) {
      line.append(amount(progress, bar)).append(speed(progress, perSecond));
    }
    if (progress != null && !progress.doing().equals(activity.activity())) {
      line.append("  ").append(progress.doing());
    }
    if (activity.since() != null) {
      line.append("  since ").append(Moment.of(activity.since()));
    }
    if (activity.attempt() > 1) {
      line.append("  try %d".formatted(activity.attempt()));
      if (activity.lastFailure() != null) {
        line.append(" after: ").append(activity.lastFailure());
      }
    }
    return line.toString().replaceAll("\\p{Cntrl}+", " ").stripTrailing();
  }

  /** The step's name in columns. */
  static String name(String activity) {
    return Step.ofActivity(activity)
        .map(step -> "%-9s  %-24s".formatted(step.store().words(), step.words()))
        .orElse("%-35s".formatted(activity));
  }

  private static String amount(Progress progress, boolean bar) {
    StringBuilder text = new StringBuilder(" ");
    boolean known = progress.total() > 0;
    if (bar) {
      text.append(bar(progress)).append(' ');
    }
    if (known) {
      text.append("%3d%% ".formatted(Math.min(100, progress.done() * 100 / progress.total())));
    }
    text.append(Units.amount(progress.done(), progress.unit()));
    if (progress.total() >= 0) {
      text.append('/').append(Units.amount(progress.total(), progress.unit()));
    }
    return text.append(unit(progress)).toString();
  }

  private static String unit(Progress progress) {
    return progress.unit().equals("bytes") ? "" : " " + progress.unit();
  }

  private static String speed(Progress progress, double perSecond) {
    if (perSecond < 1) {
      return "";
    }
    String rate =
        "  %s%s/s".formatted(Units.amount(Math.round(perSecond), progress.unit()), unit(progress));
    long left = progress.total() - progress.done();
    return left > 0 && progress.total() > 0
        ? rate + "  %s left".formatted(clock(Duration.ofSeconds(Math.round(left / perSecond))))
        : rate;
  }

  /**
   * A time to the second, as one reads it off a clock: {@code 5 s}, {@code 3:05}, {@code 1:02:03}.
   */
  static String clock(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds % 3600 / 60, seconds % 60);
  }

  private static String bar(Progress progress) {
    if (progress.total() <= 0) {
      return "[" + " ".repeat(BAR) + "]";
    }
    int filled = (int) Math.min(BAR, progress.done() * BAR / progress.total());
    return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
  }
}
