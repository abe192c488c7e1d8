package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.List;

/** A plan as people read it: what would move, what refuses it, what to mind. */
public final class PlanText {

  private PlanText() {}

  public static String of(MigrationPlan plan) {
    StringBuilder text = new StringBuilder();
    text.append("Plan for tenant ").append(plan.tenant()).append(": ");
    text.append(
        plan.refusals().isEmpty()
            ? "it can be migrated."
            : "it cannot be migrated as it is (%d refused).".formatted(plan.refusals().size()));
    text.append('\n');
    TextTable stores = StoresText.of(plan.stores());
    if (!stores.isEmpty()) {
      text.append("\nWould move\n").append(stores);
    }
    text.append(refusals(plan.refusals())).append(warnings(plan.warnings()));
    return text.toString();
  }

  static String refusals(List<Refusal> refusals) {
    StringBuilder text = new StringBuilder();
    if (!refusals.isEmpty()) {
      text.append("\nRefused\n");
    }
    for (Refusal refusal : refusals) {
      text.append("  %s %s: %s%n".formatted(refusal.store(), refusal.object(), refusal.reason()));
      text.append("    %s%n".formatted(refusal.remedy()));
    }
    return text.toString();
  }

  static String warnings(List<Warning> warnings) {
    StringBuilder text = new StringBuilder();
    if (!warnings.isEmpty()) {
      text.append("\nTo mind\n");
    }
    for (Warning warning : warnings) {
      text.append("  %s %s: %s%n".formatted(warning.store(), warning.object(), warning.message()));
    }
    return text.toString();
  }
}
