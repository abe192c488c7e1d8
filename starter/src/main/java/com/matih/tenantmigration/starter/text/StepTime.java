package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;

/** How long a step took, and what cut it short where it did not do its work. */
public final class StepTime {

  private StepTime() {}

  /** {@code 12.3 s}, or {@code cancelled after 12.3 s}, of a step that has ended. */
  public static String of(Duration took, StepTiming ended, MigrationReport report) {
    String time = Units.duration(took);
    return switch (StepEnds.how(ended, report)) {
      case DONE -> time;
      case PAUSED -> "paused after " + time;
      case FAILED -> "failed after " + time;
      case STOPPED ->
          (report.cancelled() || report.cancel().isPresent() ? "cancelled" : "stopped")
              + " after "
              + time;
    };
  }
}
