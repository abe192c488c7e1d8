package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did, or has done so far.
 *
 * @param cancelled whether an operator's cancel is why it was rolled back
 * @param failure why it was rolled back, or {@code null}
 * @param snapshot where the pre-migration snapshot lies, or {@code null} before there is one
 * @param writeFenceSeconds how long the tenant could not write; {@code null} before the fence
 * @param fencedAt since when it could not, or {@code null}
 * @param writableAt when it could again, or {@code null}
 * @param steps when each step of the copy and each check began and ended
 * @param request what was asked, its secrets as references; {@code null} where it is malformed
 */
public record MigrationReport(
    String migrationId,
    String workflowId,
    String runId,
    String tenant,
    Outcome outcome,
    boolean cancelled,
    @Nullable Failure failure,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<PhaseTiming> phases,
    @Nullable String snapshot,
    @Nullable Double writeFenceSeconds,
    StoresSummary stores,
    List<CheckResult> checks,
    List<RollbackStep> rollback,
    @Nullable Instant fencedAt,
    @Nullable Instant writableAt,
    List<StepTiming> steps,
    @Nullable MigrationRequest request) {

  @SuppressWarnings("ConstantValue") // a report that an earlier version kept has no steps
  public MigrationReport {
    steps = steps == null ? List.of() : List.copyOf(steps);
  }
}
