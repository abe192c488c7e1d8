package com.matih.tenantmigration.workflow.report;

import java.util.List;

/**
 * What a migration would move and what would stay, what refuses it, and what it warns of.
 *
 * @param proposals lines of {@code postgres.tables} for what the plan cannot decide, to be pasted
 */
public record MigrationPlan(
    String tenant,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<LeftBehind> leftBehind,
    List<String> proposals,
    StoresSummary stores) {

  @SuppressWarnings("ConstantValue") // a plan that an earlier version recorded lacks the lists
  public MigrationPlan {
    leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
    proposals = proposals == null ? List.of() : List.copyOf(proposals);
  }
}
