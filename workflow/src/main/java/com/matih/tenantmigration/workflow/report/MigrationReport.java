package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did, or has done so far.
 *
 * @param cancelled whether an operator's cancel is why it was rolled back
 * @param failure why it was rolled back, or {@code null}
 * @param snapshot where the pre-migration snapshot lies, or {@code null} before there is one
 * @param writeFenceSeconds how long the tenant could not write; {@code null} before the fence
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
    List<RollbackStep> rollback) {}
