package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;

/** One activity's progress in one line. */
final class ProgressLine {

  private static final int BAR = 24;

  private ProgressLine() {}

  /**
   * The line.
   *
   * @param perSecond how many units a second, or 0 where that is not known yet
   * @param bar whether to draw one
   */
  static String of(ActivityProgress activity, double perSecond, boolean bar) {
    StringBuilder line = new StringBuilder("%-22s".formatted(activity.activity()));
    Progress progress = activity.progress();
    if (progress != null && !progress.unit().isEmpty()) {
      if (bar) {
        line.append(' ').append(bar(progress));
      }
      line.append(' ').append(Units.amount(progress.done(), progress.unit()));
      if (progress.total() >= 0) {
        line.append('/').append(Units.amount(progress.total(), progress.unit()));
      }
      line.append(progress.unit().equals("bytes") ? "" : " " + progress.unit());
      if (perSecond >= 1) {
        line.append(" (%s/s)".formatted(Units.amount(Math.round(perSecond), progress.unit())));
      }
      line.append("  ").append(progress.doing());
    }
    if (activity.attempt() > 1) {
      line.append("  try %d".formatted(activity.attempt()));
      if (activity.lastFailure() != null) {
        line.append(" after: ").append(activity.lastFailure());
      }
    }
    return line.toString().replaceAll("\\p{Cntrl}+", " ").stripTrailing();
  }

  private static String bar(Progress progress) {
    if (progress.total() <= 0) {
      return "[" + " ".repeat(BAR) + "]";
    }
    int filled = (int) Math.min(BAR, progress.done() * BAR / progress.total());
    return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
  }
}
