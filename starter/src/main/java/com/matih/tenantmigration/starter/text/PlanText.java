package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** A plan as people read it: blockers, warnings, what would stay and what would move. */
public final class PlanText {

  static final String PROPOSED = "Proposed for the request: review, correct, and paste";

  private PlanText() {}

  /** The plan for a terminal, a file or a pipe. */
  public static String of(MigrationPlan plan, MigrationRequest request, Screen screen) {
    StringBuilder text = new StringBuilder();
    String headline = headline(plan);
    text.append(
            plan.refusals().isEmpty()
                ? screen.colours().good(headline)
                : screen.colours().bad(headline))
        .append('\n');
    if (plan.throttle() != null) {
      text.append("Throttle: %s.%n".formatted(plan.throttle().words()));
    }
    tables(plan, request)
        .forEach(
            (title, table) ->
                text.append('\n')
                    .append(ReportText.title(title, screen.colours()))
                    .append('\n')
                    .append(table.text(screen)));
    if (!plan.proposals().isEmpty()) {
      text.append('\n')
          .append(ReportText.title(PROPOSED, screen.colours()))
          .append('\n')
          .append(proposed(plan));
    }
    return text.toString();
  }

  /** What is to be pasted into the request, as YAML. */
  static String proposed(MigrationPlan plan) {
    StringBuilder yaml = new StringBuilder("postgres:\n  tables:\n");
    plan.proposals().forEach(line -> yaml.append("    ").append(line).append('\n'));
    return yaml.toString();
  }

  static String headline(MigrationPlan plan) {
    return "Plan for tenant %s: %s"
        .formatted(
            plan.tenant(),
            plan.refusals().isEmpty()
                ? "ready to migrate."
                : "not ready (%d blocker%s)."
                    .formatted(plan.refusals().size(), plan.refusals().size() == 1 ? "" : "s"));
  }

  static Map<String, TextTable> tables(MigrationPlan plan, MigrationRequest request) {
    Map<String, TextTable> tables = new LinkedHashMap<>();
    tables.put("Blockers", ReportTables.refusals(plan.refusals()));
    tables.put("Warnings", ReportTables.warnings(plan.warnings()));
    tables.put("Left behind", ReportTables.leftBehind(plan.leftBehind()));
    tables.put("What would move", StoresText.planned(plan.stores(), request));
    tables.put("How long it would take", ForecastText.planned(plan.forecast()));
    tables.put("From and to", SourcesAndTargets.of(request));
    tables.values().removeIf(TextTable::isEmpty);
    return tables;
  }
}
