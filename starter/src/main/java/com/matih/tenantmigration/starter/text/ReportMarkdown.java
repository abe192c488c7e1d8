package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Markdown;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import org.jspecify.annotations.Nullable;

/** A report as Markdown, for a ticket or a wiki. */
public final class ReportMarkdown {

  private ReportMarkdown() {}

  /** The whole report, with the request. */
  public static String of(MigrationReport report) {
    return of(report, null);
  }

  /**
   * The whole report, with the request.
   *
   * @param ended how Temporal ended the migration from outside; {@code null} where it did not
   */
  public static String of(MigrationReport report, @Nullable EndedFromOutside ended) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(Markdown.escape(ReportText.headline(report, ended))).append("\n\n");
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
    Facts.of(report, ended)
        .forEach(
            (name, value) -> text.append("- %s: %s%n".formatted(name, Markdown.escape(value))));
    ReportTables.of(report, ended)
        .forEach(
            (title, table) -> text.append("%n## %s%n%n".formatted(title)).append(table.markdown()));
    if (report.request() != null) {
      text.append("%n## Request%n%n```yaml%n%s```%n".formatted(RequestText.of(report.request())));
    }
    return text.toString();
  }
}
