package com.matih.tenantmigration.starter.html;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.text.Facts;
import com.matih.tenantmigration.starter.text.ReportTables;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.starter.text.RequestText;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A report as one page: it loads nothing, runs no script, and follows the reader's light or dark.
 */
public final class ReportPage {

  private static final String STYLE = "report.css";

  private final MigrationReport report;
  private final @Nullable EndedFromOutside ended;
  private final StringBuilder page = new StringBuilder();

  private ReportPage(MigrationReport report, @Nullable EndedFromOutside ended) {
    this.report = report;
    this.ended = ended;
  }

  public static String of(MigrationReport report) {
    return of(report, Map.of());
  }

  /**
   * The page of a migration that Temporal may have ended.
   *
   * @param ended how it ended it from outside; {@code null} where it did not
   */
  public static String of(MigrationReport report, @Nullable EndedFromOutside ended) {
    return new ReportPage(report, ended).write(Map.of());
  }

  /**
   * The page with further tables after the report's own.
   *
   * @param further by title, in the order in which they are to stand
   */
  public static String of(MigrationReport report, Map<String, TextTable> further) {
    return new ReportPage(report, null).write(further);
  }

  private String write(Map<String, TextTable> further) {
    head();
    facts();
    timeline();
    Map<String, TextTable> tables = new LinkedHashMap<>(ReportTables.of(report, ended));
    tables.remove("Phases");
    tables.putAll(further);
    tables.forEach(this::section);
    request();
    page.append("</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void head() {
    String headline = Html.escape(ReportText.headline(report, ended));
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <header>
        <p class="outcome %s">%s</p>
        <h1>%s</h1>
        """
            .formatted(
                headline,
                style(),
                outcome(),
                ended == null ? outcome().replace('-', ' ') : ended.how(),
                headline));
    Failure failure = report.failure();
    if (failure != null) {
      page.append(
          "<p class=\"failure\"><strong>%s in %s</strong>%s <small>%s</small></p>\n"
              .formatted(
                  report.cancelled() ? "Cancelled" : "Failed",
                  failure.phase(),
                  Html.escape(failure.message()),
                  failure.type()));
    }
    page.append("</header>\n");
  }

  private String outcome() {
    return report.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void facts() {
    page.append("<dl>\n");
    Facts.of(report, ended)
        .forEach(
            (name, value) ->
                page.append(
                    "<div><dt>%s</dt><dd>%s</dd></div>\n"
                        .formatted(Html.escape(name), Html.escape(value))));
    page.append("</dl>\n");
  }

  private void timeline() {
    String drawn = Timeline.of(report);
    if (!drawn.isEmpty()) {
      page.append("<section>\n<h2>Timeline</h2>\n").append(drawn).append("</section>\n");
    }
  }

  private void section(String title, TextTable table) {
    page.append("<section>\n<h2>%s</h2>\n".formatted(Html.escape(title)))
        .append(Html.table(table))
        .append("</section>\n");
  }

  private void request() {
    MigrationRequest request = report.request();
    if (request != null) {
      page.append("<section>\n<h2>Request</h2>\n<details><summary>")
          .append("as it was given; secrets are references</summary>\n<pre>")
          .append(Html.escape(RequestText.of(request)))
          .append("</pre></details>\n</section>\n");
    }
  }

  private static String style() {
    try (InputStream stream = ReportPage.class.getResourceAsStream(STYLE)) {
      return new String(
          Objects.requireNonNull(stream, STYLE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
