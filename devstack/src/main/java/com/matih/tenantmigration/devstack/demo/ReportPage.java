package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.time.Duration;
import java.util.List;

/** A report as a page that needs nothing but itself. */
final class ReportPage {

  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
             padding: 0 1rem; color: #1d2430; }
      h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e2e6ec;
               vertical-align: top; }
      td.number { text-align: right; font-variant-numeric: tabular-nums; }
      .good { color: #17703a; } .bad { color: #b3261e; font-weight: 600; }
      """;

  private final StringBuilder page = new StringBuilder();

  private ReportPage() {}

  static String of(DemoResult result) {
    ReportPage page = new ReportPage();
    page.write(result);
    return page.page.toString();
  }

  private void write(DemoResult result) {
    MigrationReport report = result.report();
    String headline = escape(ReportText.headline(report));
    page.append("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<title>")
        .append(headline)
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n<h1>")
        .append(headline)
        .append("</h1>\n<p>Migration ")
        .append(escape(report.migrationId()))
        .append("</p>\n");
    Failure failure = report.failure();
    if (failure != null) {
      page.append("<p class=\"bad\">")
          .append(escape("%s: %s".formatted(failure.phase(), failure.message())))
          .append("</p>\n");
    }
    phases(report.phases());
    moved(report.stores());
    checks(report.checks());
    rollback(report.rollback());
    claims(result.claims());
  }

  private void phases(List<PhaseTiming> phases) {
    begin("Phases", "phase", "seconds");
    for (PhaseTiming phase : phases) {
      String seconds =
          phase.finishedAt() == null
              ? ""
              : "%.1f"
                  .formatted(
                      Duration.between(phase.startedAt(), phase.finishedAt()).toMillis() / 1000.0);
      row(text(phase.phase()), number(seconds));
    }
    end();
  }

  private void moved(StoresSummary stores) {
    begin("Moved", "what", "how much");
    if (stores.postgres() != null) {
      stores.postgres().tables().forEach(t -> row(text(t.table()), count(t.rows(), "rows")));
    }
    if (stores.objectStorage() != null) {
      row(text("objects"), count(stores.objectStorage().objects(), "objects"));
    }
    if (stores.kafka() != null) {
      stores.kafka().topics().forEach(t -> row(text(t.topic()), count(t.records(), "records")));
    }
    if (stores.elasticsearch() != null) {
      stores
          .elasticsearch()
          .indices()
          .forEach(i -> row(text(i.index()), count(i.documents(), "documents")));
    }
    if (stores.redis() != null) {
      row(text("cache"), count(stores.redis().keys(), "keys"));
    }
    end();
  }

  private void checks(List<CheckResult> checks) {
    begin("Checks", "check", "status", "compared", "");
    for (CheckResult check : checks) {
      boolean failed = check.status() == CheckResult.Status.FAILED;
      row(
          text(check.check()),
          judged(!failed, check.status().name()),
          number("%,d".formatted(check.compared())),
          text(String.join("; ", check.mismatches())));
    }
    end();
  }

  private void rollback(List<RollbackStep> steps) {
    if (steps.isEmpty()) {
      return;
    }
    begin("Rollback", "step", "status", "");
    for (RollbackStep step : steps) {
      boolean failed = step.status() == RollbackStep.Status.FAILED;
      row(text(step.step()), judged(!failed, step.status().name()), text(step.message()));
    }
    end();
  }

  private void claims(List<Claim> claims) {
    begin("What the servers say", "claim", "", "evidence");
    for (Claim claim : claims) {
      row(
          text(claim.sentence()),
          judged(claim.holds(), claim.holds() ? "yes" : "NO"),
          text(claim.evidence()));
    }
    end();
  }

  private void begin(String title, String... columns) {
    page.append("<h2>").append(title).append("</h2>\n<table><tr>");
    for (String column : columns) {
      page.append("<th>").append(column);
    }
    page.append('\n');
  }

  private void row(String... cells) {
    page.append("<tr>").append(String.join("", cells)).append('\n');
  }

  private void end() {
    page.append("</table>\n");
  }

  private static String text(Object value) {
    return "<td>" + escape(String.valueOf(value));
  }

  private static String number(String value) {
    return "<td class=\"number\">" + value;
  }

  private static String count(long count, String unit) {
    return number("%,d %s".formatted(count, unit));
  }

  private static String judged(boolean good, String value) {
    return "<td class=\"%s\">%s".formatted(good ? "good" : "bad", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
