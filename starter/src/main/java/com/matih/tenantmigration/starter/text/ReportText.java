package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.List;

/** A report as people read it. */
public final class ReportText {

  private ReportText() {}

  /** The whole report. */
  public static String of(MigrationReport report) {
    StringBuilder text = new StringBuilder();
    text.append(headline(report)).append('\n');
    text.append("  migration %s, run %s%n".formatted(report.migrationId(), report.runId()));
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          "  failed in %s: %s (%s)%n"
              .formatted(failure.phase(), failure.message(), failure.type()));
    }
    if (report.writeFenceSeconds() != null) {
      text.append(
          "  the tenant could not write for %s%n"
              .formatted(
                  Units.duration(
                      Duration.ofMillis(Math.round(report.writeFenceSeconds() * 1000)))));
    }
    if (report.snapshot() != null) {
      text.append("  snapshot at %s%n".formatted(report.snapshot()));
    }
    text.append(PlanText.refusals(report.refusals())).append(PlanText.warnings(report.warnings()));
    section(text, "Phases", phases(report.phases()));
    section(text, "Moved", StoresText.of(report.stores()));
    section(text, "Checks", checks(report.checks()));
    text.append(mismatches(report.checks()));
    section(text, "Rollback", rollback(report.rollback()));
    return text.toString();
  }

  /** The outcome in one sentence. */
  public static String headline(MigrationReport report) {
    return "Tenant %s: ".formatted(report.tenant())
        + switch (report.outcome()) {
          case RUNNING -> "the migration is running.";
          case COMPLETED -> "the migration is completed; the tenant is on its own infrastructure.";
          case REFUSED -> "refused; nothing was touched.";
          case ROLLED_BACK ->
              report.cancelled()
                  ? "cancelled and rolled back; everything is as it was before."
                  : "rolled back; everything is as it was before.";
          case ROLLBACK_INCOMPLETE ->
              "the rollback is incomplete: a person has to do what failed below.";
        };
  }

  /** The checks as a table: name, status, how much was compared, the first mismatch. */
  public static TextTable checks(List<CheckResult> checks) {
    TextTable table = new TextTable("check", "status", "compared", "");
    for (CheckResult check : checks) {
      String first = check.mismatches().isEmpty() ? "" : check.mismatches().get(0);
      table.row(check.check(), check.status(), check.compared(), first);
    }
    return table;
  }

  private static String mismatches(List<CheckResult> checks) {
    StringBuilder text = new StringBuilder();
    for (CheckResult check : checks) {
      if (check.status() == Status.FAILED && check.mismatches().size() > 1) {
        text.append("%nMismatches of %s%n".formatted(check.check()));
        check.mismatches().forEach(mismatch -> text.append("  %s%n".formatted(mismatch)));
      }
    }
    return text.toString();
  }

  private static TextTable phases(List<PhaseTiming> phases) {
    TextTable table = new TextTable("phase", "began", "took");
    for (PhaseTiming phase : phases) {
      String took =
          phase.finishedAt() == null
              ? "running"
              : Units.duration(Duration.between(phase.startedAt(), phase.finishedAt()));
      table.row(phase.phase(), phase.startedAt(), took);
    }
    return table;
  }

  private static TextTable rollback(List<RollbackStep> steps) {
    TextTable table = new TextTable("step", "status", "");
    steps.forEach(step -> table.row(step.step(), step.status(), step.message()));
    return table;
  }

  private static void section(StringBuilder text, String title, TextTable table) {
    if (!table.isEmpty()) {
      text.append('\n').append(title).append('\n').append(table);
    }
  }
}
