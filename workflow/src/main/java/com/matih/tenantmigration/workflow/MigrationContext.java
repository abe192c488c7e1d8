package com.matih.tenantmigration.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.StoreSpec;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;

/**
 * Which migration an activity works for.
 *
 * @param migrationId twelve hexadecimal digits, unique for one migration and the same in all its
 *     attempts; it marks what the migration creates
 * @param workflowId {@code tenant-migration-<tenant>}
 * @param runId the run that Temporal knows it by
 * @param repair whether the run finishes what another one has left of the migration, which has
 *     ended or whose workflow is gone. Once a migration's record says that it has ended, every
 *     activity of another run of it is refused as {@link FailureType#MIGRATION_ENDED}; a repair's
 *     is let through, and what it records replaces the record. What is live is guarded all the
 *     same.
 * @param noRehearsal whether the plan builds no schema on trial
 * @param tenantWorks whether the tenant writes on the shared side while the activity runs, so that
 *     both sides are equal only at points
 */
public record MigrationContext(
    String migrationId,
    String workflowId,
    String runId,
    MigrationRequest request,
    // left out where it is false, which a worker of an earlier version can read
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean repair,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean noRehearsal,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean tenantWorks) {

  private static final int ID_LENGTH = 12;

  /** A store that is away for less ends nothing while the tenant works. */
  private static final Duration PATIENCE_WHILE_TENANT_WORKS = Duration.ofMinutes(15);

  /** The context of a migration's own run. */
  public MigrationContext(
      String migrationId, String workflowId, String runId, MigrationRequest request) {
    this(migrationId, workflowId, runId, request, false, false, false);
  }

  /**
   * The context of a running workflow. The migration's id is the random end of its first run's id,
   * so that a reset of the workflow goes on with what the first run began.
   */
  public static MigrationContext of(WorkflowInfo info, MigrationRequest request) {
    return new MigrationContext(
        migrationId(info.getFirstExecutionRunId()), info.getWorkflowId(), info.getRunId(), request);
  }

  /** The same for a plan that builds no schema on trial. */
  public MigrationContext withoutRehearsal() {
    return new MigrationContext(migrationId, workflowId, runId, request, repair, true, tenantWorks);
  }

  /** The same for what is done while the tenant still writes on the shared side. */
  public MigrationContext whileTenantWorks() {
    return new MigrationContext(migrationId, workflowId, runId, request, repair, noRehearsal, true);
  }

  /** How long a step may get nowhere: not long while the tenant waits for it. */
  public Duration patience() {
    return tenantWorks ? PATIENCE_WHILE_TENANT_WORKS : request.storeTimeout();
  }

  /** The context of a workflow that repairs another workflow's migration. */
  public static MigrationContext ofRepair(
      WorkflowInfo info, String migrationId, MigrationRequest request) {
    return new MigrationContext(
        migrationId, info.getWorkflowId(), info.getRunId(), request, true, false, false);
  }

  /** The id of the migration whose workflow began with that run. */
  public static String migrationId(String firstRunId) {
    String digits = firstRunId.replace("-", "");
    return digits.substring(digits.length() - ID_LENGTH);
  }

  /**
   * The request's part for a store, for what is not asked to work where the store is left out.
   *
   * @throws MigrationException of type BAD_REQUEST where it is left out
   */
  public <S extends StoreSpec> S spec(Class<S> part) {
    return request
        .find(part)
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.BAD_REQUEST,
                    ("The request has no part for %s, so nothing can be done there."
                            + " Add it, or leave out what needs it.")
                        .formatted(part.getSimpleName().replace("Spec", ""))));
  }

  /** The tenant's id; that of the workflow's own name where the request lacks it. */
  @SuppressWarnings("ConstantValue") // Jackson hands over null for what an input leaves out
  public String tenant() {
    return request.tenant() == null ? TemporalNames.tenant(workflowId) : request.tenant();
  }
}
