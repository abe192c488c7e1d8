package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.EndedFromOutside;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A report as people read it at a terminal. */
public final class ReportText {

  private ReportText() {}

  /** The whole report. */
  public static String of(MigrationReport report) {
    return under(headline(report) + "\n", report, Facts.of(report));
  }

  /** The whole report of a migration that Temporal ended from outside, and what to do about it. */
  public static String of(MigrationReport report, EndedFromOutside ended) {
    Map<String, String> facts = Facts.of(report);
    facts.remove("Took");
    // what the report says of it was true when it was written
    facts.remove(Facts.READ_ONLY);
    if (ended.tenantReadOnly()) {
      Standing.fencedAt(report)
          .ifPresent(
              since ->
                  facts.put(
                      Facts.READ_ONLY,
                      Units.duration(Duration.between(since, Instant.now())) + " so far"));
    }
    return under("%s%n%n%s%n".formatted(ended.told(), ended.remedy()), report, facts);
  }

  private static String under(String head, MigrationReport report, Map<String, String> facts) {
    StringBuilder text = new StringBuilder(head);
    facts.forEach((name, value) -> text.append("  %-20s  %s%n".formatted(name, value)));
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          "  %-20s  %s%n"
              .formatted(
                  report.cancelled() ? "Cancelled" : "Failed",
                  "in %s: %s (%s)"
                      .formatted(failure.phase(), oneLine(failure.message()), failure.type())));
    }
    ReportTables.of(report)
        .forEach((title, table) -> text.append('\n').append(title).append('\n').append(table));
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

  /** The outcome in one sentence. */
  public static String headline(MigrationReport report) {
    return "Tenant %s: ".formatted(report.tenant())
        + switch (report.outcome()) {
          case RUNNING -> "the migration %s.".formatted(running(report));
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
}
