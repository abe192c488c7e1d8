package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Colours;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import org.jspecify.annotations.Nullable;

/** A report as people read it at a terminal. */
public final class ReportText {

  /** A fact's name in its column. */
  static final String FACT = "  %-20s  ";

  private static final int LONGEST_REASON = 600;

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
   * @param columns how many characters a line may have
   */
  public static String of(MigrationReport report, @Nullable EndedFromOutside ended, int columns) {
    return of(report, ended, columns, Colours.OFF);
  }

  /** The same for a screen. */
  public static String of(MigrationReport report, @Nullable EndedFromOutside ended, Screen screen) {
    return of(report, ended, screen.columns(), screen.colours());
  }

  private static String of(
      MigrationReport report, @Nullable EndedFromOutside ended, int columns, Colours colours) {
    StringBuilder text = new StringBuilder();
    Wrapped.lines(headline(report, ended), columns)
        .forEach(line -> text.append(coloured(line, report, ended, colours)).append('\n'));
    if (ended != null) {
      text.append("%n%s%n".formatted(ended.remedy()));
    }
    Facts.of(report, ended)
        .forEach(
            (name, value) -> text.append(Wrapped.behind(FACT.formatted(name), value, columns)));
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          Wrapped.behind(
              FACT.formatted(report.cancelled() ? "Cancelled" : "Failed"),
              "in %s: %s (%s)"
                  .formatted(failure.phase(), oneLine(failure.message()), failure.type()),
              columns));
    }
    ReportTables.of(report, ended)
        .forEach(
            (title, table) ->
                text.append('\n')
                    .append(title(title, colours))
                    .append('\n')
                    .append(table.text(columns, colours)));
    return text.toString();
  }

  /** What a terminal that scrolled shows last: the outcome, why, and where the report is. */
  public static String closing(MigrationReport report, Screen screen) {
    return outcome(report, screen)
        + Wrapped.behind(
            "Report: ",
            "tenant-migration report %s --migration %s"
                .formatted(report.tenant(), report.migrationId()),
            screen.columns());
  }

  /** The outcome and what led to it, after an empty line. */
  public static String outcome(MigrationReport report, Screen screen) {
    StringBuilder text = new StringBuilder("\n");
    Wrapped.lines(headline(report), screen.columns())
        .forEach(line -> text.append(coloured(line, report, null, screen.colours())).append('\n'));
    Failure failure = report.failure();
    if (failure != null) {
      String why =
          "%s in %s: %s"
              .formatted(
                  report.cancelled() ? "Cancelled" : "Failed",
                  failure.phase(),
                  oneLine(failure.message()));
      String some = why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) + "…" : why;
      Wrapped.lines(some, screen.columns()).forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }

  /** The headline in the colour of the outcome. */
  static String coloured(
      String line, MigrationReport report, @Nullable EndedFromOutside ended, Colours colours) {
    if (ended != null) {
      return colours.bad(line);
    }
    return switch (report.outcome()) {
      case RUNNING -> colours.strong(line);
      case COMPLETED -> colours.good(line);
      case REFUSED, ROLLED_BACK -> colours.warning(line);
      case ROLLBACK_INCOMPLETE -> colours.bad(line);
    };
  }

  /** What somebody has to look at is seen from afar. */
  static String title(String title, Colours colours) {
    return switch (title) {
      case "Blockers", "Mismatches" -> colours.bad(title);
      case "Warnings", "Warnings of the checks" -> colours.warning(title);
      default -> colours.strong(title);
    };
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
              ("the rollback is incomplete; its failed steps name what is left."
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
