package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.report.forecast.PlanForecast;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a migration would move and what would stay, what refuses it, and what it warns of.
 *
 * @param proposals lines of {@code postgres.tables} for what the plan cannot decide, to be pasted
 * @param forecast how long it would take; {@code null} where no store's speed could be measured
 * @param throttle how gently the shared side would be read; {@code null} without a bound
 */
public record MigrationPlan(
    String tenant,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<LeftBehind> leftBehind,
    List<String> proposals,
    StoresSummary stores,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PlanForecast forecast,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ThrottleSpec throttle) {

  @SuppressWarnings("ConstantValue") // a plan that an earlier version recorded lacks the lists
  public MigrationPlan {
    leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
    proposals = proposals == null ? List.of() : List.copyOf(proposals);
  }
}
