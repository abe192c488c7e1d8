package com.matih.tenantmigration.workflow.report;

import java.util.List;

/** What a migration would move and what would stay, what refuses it, and what it warns of. */
public record MigrationPlan(
    String tenant,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<LeftBehind> leftBehind,
    StoresSummary stores) {

  @SuppressWarnings("ConstantValue") // a plan that an earlier version recorded lacks the list
  public MigrationPlan {
    leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
  }
}
