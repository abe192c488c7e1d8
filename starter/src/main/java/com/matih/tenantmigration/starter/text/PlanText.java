package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** A plan as people read it: what refuses it, what to mind, what would move. */
public final class PlanText {

  private PlanText() {}

  /**
   * The plan for a terminal.
   *
   * @param columns how many signs a line of a table may have
   */
  public static String of(MigrationPlan plan, MigrationRequest request, int columns) {
    StringBuilder text = new StringBuilder();
    text.append(headline(plan)).append('\n');
    tables(plan, request)
        .forEach(
            (title, table) ->
                text.append('\n').append(title).append('\n').append(table.text(columns)));
    return text.toString();
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
    tables.put("What would move", StoresText.planned(plan.stores(), request));
    tables.put("From and to", SourcesAndTargets.of(request));
    tables.values().removeIf(TextTable::isEmpty);
    return tables;
  }
}
