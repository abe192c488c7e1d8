package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.starter.text.Facts;
import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How Temporal ended a migration's workflow without the migration's doing, so that nothing was
 * rolled back.
 *
 * @param how {@code terminated}, {@code timed out} …; as Temporal calls it
 * @param phase the last one on record
 * @param tenantReadOnly whether the tenant cannot write, at this moment
 * @param workflowId the workflow that can be reset
 * @param runId its run that can be reset
 * @param at when, or {@code null} where Temporal does not say
 * @param by who, as Temporal knows it, or {@code null}
 * @param reason why, or {@code null}
 */
public record EndedFromOutside(
    String tenant,
    String migrationId,
    String how,
    Phase phase,
    boolean tenantReadOnly,
    String workflowId,
    String runId,
    @Nullable Instant at,
    @Nullable String by,
    @Nullable String reason) {

  /** What happened and how things are now, in sentences. */
  public String told() {
    return "Tenant %s: Temporal no longer runs the migration: %s in phase %s%s%s%s. Nothing was rolled back; %s."
        .formatted(
            tenant,
            how,
            phase,
            at == null ? "" : ", " + Facts.moment(at),
            by == null ? "" : ", by " + by,
            reason == null ? "" : ": " + reason.replaceAll("\\p{Cntrl}+", " "),
            tenantReadOnly ? "the tenant is read-only" : "the tenant may write");
  }

  /** What to do about it, with the commands. */
  public String remedy() {
    return """
        Have Temporal take it up again; then it goes on, or is cancelled and rolled back:
          temporal workflow reset --workflow-id %s --run-id %s --type LastWorkflowTask --reason "…"
          tenant-migration cancel %s --reason "…"
        More in docs/operations.md: When somebody terminated the workflow.
        """
        .formatted(workflowId, runId, tenant);
  }
}
