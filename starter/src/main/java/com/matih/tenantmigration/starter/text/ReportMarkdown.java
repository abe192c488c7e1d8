package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;

/** A report as Markdown, for a ticket or a wiki. */
public final class ReportMarkdown {

  private ReportMarkdown() {}

  /** The whole report, with the request. */
  public static String of(MigrationReport report) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(Markdown.escape(ReportText.headline(report))).append("\n\n");
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          "> **%s in %s**: %s (%s)%n%n"
              .formatted(
                  report.cancelled() ? "Cancelled" : "Failed",
                  failure.phase(),
                  Markdown.escape(failure.message()),
                  Markdown.escape(failure.type().name())));
    }
    Facts.of(report)
        .forEach(
            (name, value) -> text.append("- %s: %s%n".formatted(name, Markdown.escape(value))));
    ReportTables.of(report)
        .forEach(
            (title, table) -> text.append("%n## %s%n%n".formatted(title)).append(table.markdown()));
    if (report.request() != null) {
      text.append("%n## Request%n%n```yaml%n%s```%n".formatted(RequestText.of(report.request())));
    }
    return text.toString();
  }
}
