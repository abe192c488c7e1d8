package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import org.jspecify.annotations.Nullable;

/** A report as people read it at a terminal. */
public final class ReportText {

  private ReportText() {}

  /** The whole report. */
  public static String of(MigrationReport report) {
    return of(report, null, Integer.MAX_VALUE);
  }

  /**
   * The whole report.
   *
   * @param ended how Temporal ended the migration from outside, told with what to do about it;
   *     {@code null} where it did not
   * @param columns how many signs a line of a table may have
   */
  public static String of(MigrationReport report, @Nullable EndedFromOutside ended, int columns) {
    StringBuilder text = new StringBuilder(headline(report, ended)).append('\n');
    if (ended != null) {
      text.append("%n%s%n".formatted(ended.remedy()));
    }
    Facts.of(report, ended)
        .forEach((name, value) -> text.append("  %-20s  %s%n".formatted(name, value)));
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          "  %-20s  %s%n"
              .formatted(
                  report.cancelled() ? "Cancelled" : "Failed",
                  "in %s: %s (%s)"
                      .formatted(failure.phase(), oneLine(failure.message()), failure.type())));
    }
    ReportTables.of(report, ended)
        .forEach(
            (title, table) ->
                text.append('\n').append(title).append('\n').append(table.text(columns)));
    return text.toString();
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\p{Cntrl}+", " ");
  }

  /** What a migration does that has not ended, as in "the migration is running". */
  static String running(MigrationReport report) {
    if (report.pause().isPresent()) {
      return "is paused";
    }
    if (report.failure() != null) {
      return "is being rolled back";
    }
    return report.cancel().isPresent() ? "is being cancelled" : "is running";
  }

  /** How it ended, where Temporal ended it; else the outcome in one sentence. */
  public static String headline(MigrationReport report, @Nullable EndedFromOutside ended) {
    return ended == null ? headline(report) : ended.told();
  }

  /** The outcome in one sentence. */
  public static String headline(MigrationReport report) {
    return "Tenant %s: ".formatted(report.tenant())
        + switch (report.outcome()) {
          case RUNNING -> "the migration %s.".formatted(running(report));
          case COMPLETED -> "the migration is completed; the tenant is on its own infrastructure.";
          case REFUSED -> "refused; nothing was changed.";
          case ROLLED_BACK ->
              (report.cancelled() ? "cancelled and rolled back; " : "rolled back; ")
                  + standing(report);
          case ROLLBACK_INCOMPLETE ->
              ("the rollback is incomplete; the failed steps below name what is left."
                      + " To finish it: repair %s")
                  .formatted(report.tenant());
        };
  }

  /** Says only of a rollback that left nothing that everything is as it was. */
  private static String standing(MigrationReport rolledBack) {
    boolean left =
        rolledBack.rollback().stream()
            .anyMatch(step -> step.status() == Status.FAILED || !step.left().isEmpty());
    return left
        ? "the tenant is back where it was; something was left behind, see the rollback's steps."
        : "everything is as it was before.";
  }
}
