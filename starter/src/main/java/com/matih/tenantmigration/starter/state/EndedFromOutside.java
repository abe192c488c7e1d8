package com.matih.tenantmigration.starter.state;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How Temporal ended a migration's workflow without the migration's doing, so that nothing was
 * rolled back; or that the Temporal that was asked does not know the workflow, which tells nothing
 * of the migration: it may be the wrong Temporal.
 *
 * @param how {@code terminated}, {@code timed out} …; as Temporal calls it; {@code unknown} where
 *     it does not know the run
 * @param phase the last one on record
 * @param tenantReadOnly whether the tenant cannot write, at this moment
 * @param workflowId the workflow that can be reset
 * @param runId its run that can be reset
 * @param at when, or {@code null} where Temporal does not say
 * @param by who, as Temporal knows it, or {@code null}
 * @param reason why, or {@code null}
 * @param unknownTo the Temporal that was asked, by address and namespace, where it does not know
 *     the run; else {@code null}
 * @param followed whether another migration of the tenant has begun since, so that this one must
 *     not be taken up again
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
    @Nullable String reason,
    @Nullable String unknownTo,
    boolean followed) {

  /** What happened and how things are now, in sentences. */
  public String told() {
    return unknownTo != null
        ? "Tenant %s: %s; %s.".formatted(tenant, happened(), standing())
        : "Tenant %s: %s. Nothing was rolled back; %s.".formatted(tenant, happened(), standing());
  }

  /** What happened, in the words of a sentence. */
  public String happened() {
    return unknownTo != null
        ? "%s does not know run %s of migration %s, which is recorded in phase %s"
            .formatted(unknownTo, runId, migrationId, phase)
        : "Temporal no longer runs the migration: %s in phase %s%s%s%s"
            .formatted(
                how,
                phase,
                at == null ? "" : ", " + Moment.of(at),
                by == null ? "" : ", by " + by,
                reason == null ? "" : ": " + reason.replaceAll("\\p{Cntrl}+", " "));
  }

  private String standing() {
    return tenantReadOnly ? "the tenant is read-only" : "the tenant may write";
  }

  /** What to do about it, with the commands; none for a migration that may well be running. */
  public String remedy() {
    if (unknownTo != null) {
      return """
      Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE first: if they name another Temporal than the
      workers use, the migration may still be running there. Do not change anything before you know.
      If the workers' own Temporal has forgotten the run:
        tenant-migration repair %s
      More in docs/operations.md: When somebody terminated the workflow.
      """
          .formatted(tenant);
    }
    if (followed) {
      return """
      Another migration of the tenant has started since; do not resume this one.
      """;
    }
    return """
    To roll it back, or to complete it if the tenant already writes on the dedicated side:
      tenant-migration repair %s --yes
    Without --yes it only shows what it would do. To have Temporal resume the migration instead:
      temporal workflow reset --workflow-id %s --run-id %s --type LastWorkflowTask --reason "..."
    More in docs/operations.md: When somebody terminated the workflow.
    """
        .formatted(tenant, workflowId, runId);
  }

  /** Both. */
  public String message() {
    return told() + "\n" + remedy().stripTrailing();
  }
}
