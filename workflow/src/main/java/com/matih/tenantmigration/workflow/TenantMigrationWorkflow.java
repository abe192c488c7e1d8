package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Moves one tenant from the shared clusters to dedicated infrastructure, or leaves everything as it
 * was. The workflow's id is {@link TemporalNames#workflowId}, so that a tenant has one running
 * migration at most.
 *
 * <p>What an operator leaves out of a signal or an update arrives as null: whoever types one must
 * not be able to break the migration.
 */
@WorkflowInterface
public interface TenantMigrationWorkflow {

  /**
   * Runs the migration to its end.
   *
   * @param request a {@code MigrationRequest} as JSON; taken raw, so that one that cannot be read
   *     is refused rather than tried for ever
   * @return the report, whatever the outcome
   */
  @WorkflowMethod(name = TemporalNames.WORKFLOW_TYPE)
  MigrationReport migrate(@Nullable RawValue request);

  /**
   * Stops before the next step, and stops a running copy, until {@link #resume}.
   *
   * @param reason why; for the audit trail
   * @param by who asks; for the audit trail
   */
  @SignalMethod
  void pause(@Nullable Object reason, @Nullable Object by);

  /**
   * Goes on after {@link #pause}.
   *
   * @param by who asks; for the audit trail
   */
  @SignalMethod
  void resume(@Nullable Object by);

  /** Approves the migration; accepted any time before the fence. */
  @SignalMethod
  void approve(@Nullable Object approver);

  /**
   * Asks for a rollback; without effect from the cutover's final step on.
   *
   * @param by who asks; for the audit trail
   */
  @SignalMethod
  void cancelMigration(@Nullable Object reason, @Nullable Object by);

  /**
   * Approves the migration and answers.
   *
   * @return what was noted
   */
  @UpdateMethod
  String approveCutover(@Nullable String approver);

  @UpdateValidatorMethod(updateName = "approveCutover")
  void validateApproval(@Nullable String approver);

  /**
   * Asks for a rollback and answers.
   *
   * @param by who asks; for the audit trail
   * @return what was noted
   */
  @UpdateMethod
  String requestCancel(@Nullable String reason, @Nullable String by);

  @UpdateValidatorMethod(updateName = "requestCancel")
  void validateCancel(@Nullable String reason, @Nullable String by);

  /**
   * Changes how gently the shared side is read, from the next seconds on.
   *
   * @param bytesPerSecond such as {@code 50MB}; {@code off} for no bound; left out to keep it
   * @param maxReplicaLag such as {@code 5s}, in the same way
   * @param by who asks; for the audit trail
   */
  @SignalMethod
  void throttle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable Object by);

  /**
   * Does what {@link #throttle} does, and answers when the work that runs can see it.
   *
   * @return the throttle from now on
   */
  @UpdateMethod
  String changeThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by);

  @UpdateValidatorMethod(updateName = "changeThrottle")
  void validateThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by);

  @QueryMethod
  MigrationStatus status();
}
