package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Map;

/** See {@link TenantMigrationWorkflow}; {@link MigrationSteps} is the way of the tenant's data. */
public final class TenantMigrationWorkflowImpl implements TenantMigrationWorkflow {

  private final MigrationRequest request;
  private final Steering steering = new Steering();
  private final MigrationLog log;
  private final MigrationSteps steps;

  /** Temporal hands over the input before it delivers any signal, query or update. */
  @WorkflowInit
  public TenantMigrationWorkflowImpl(MigrationRequest request) {
    this.request = request;
    MigrationContext context = MigrationContext.of(Workflow.getInfo(), request);
    this.log = new MigrationLog(context);
    this.steps = new MigrationSteps(context, steering, log);
  }

  @Override
  public MigrationReport migrate(MigrationRequest sameRequest) {
    CancellationScope forward = Workflow.newCancellationScope(steps::moveForward);
    CancellationScope whole = CancellationScope.current();
    var unused = whole.getCancellationRequest().thenApply(this::noteNativeCancel);
    steering.stoppable(forward);
    try {
      forward.run();
    } catch (TemporalFailure e) {
      steps.rollBack(e);
    }
    Workflow.newDetachedCancellationScope(() -> Workflow.await(Workflow::isEveryHandlerFinished))
        .run();
    return log.report();
  }

  /** Temporal's own cancel reaches every scope by itself; here it is only put on record. */
  private String noteNativeCancel(String reason) {
    if (steering.isPastPointOfNoReturn()) {
      log.later("CANCEL", "REFUSED", Map.of("reason", reason, "why", Refusals.TOO_LATE));
    }
    return reason;
  }

  @Override
  public void pause() {
    steering.pause();
    log.steered("PAUSE", "ACCEPTED", Map.of());
  }

  @Override
  public void resume() {
    steering.resume();
    log.steered("RESUME", "ACCEPTED", Map.of());
  }

  @Override
  public void approve(String approver) {
    String refusal = approvalRefusal();
    if (refusal.isEmpty()) {
      approveCutover(approver);
    } else {
      log.steered("APPROVAL", "REFUSED", Map.of("approver", approver, "why", refusal));
    }
  }

  @Override
  public String approveCutover(String approver) {
    steering.approve(approver);
    log.steered("APPROVAL", "ACCEPTED", Map.of("approver", approver));
    return "approved by " + approver;
  }

  @Override
  public void validateApproval(String approver) {
    if (approver == null || approver.isBlank()) {
      throw new IllegalArgumentException("An approval says who approves.");
    }
    refuse(approvalRefusal());
  }

  @Override
  public void cancelMigration(String reason) {
    String refusal = cancelRefusal();
    if (refusal.isEmpty()) {
      requestCancel(reason);
    } else {
      log.steered("CANCEL", "REFUSED", Map.of("reason", reason, "why", refusal));
    }
  }

  @Override
  public String requestCancel(String reason) {
    steering.cancel(reason);
    log.steered("CANCEL", "REQUESTED", Map.of("reason", reason));
    return "cancelling in phase " + log.phase();
  }

  @Override
  public void validateCancel(String reason) {
    refuse(cancelRefusal());
  }

  private String approvalRefusal() {
    if (request.approval() == Approval.AUTOMATIC) {
      return Refusals.NO_APPROVAL_ASKED;
    }
    if (steering.approver() != null) {
      return "It was approved already, by " + steering.approver() + ".";
    }
    return log.phase().compareTo(Phase.FENCE) < 0
        ? ""
        : "It is past the point where an approval counts: phase " + log.phase() + ".";
  }

  private String cancelRefusal() {
    if (steering.isPastPointOfNoReturn()) {
      return Refusals.TOO_LATE;
    }
    return log.phase().compareTo(Phase.COMPLETED) < 0
        ? ""
        : "There is nothing left to cancel: phase " + log.phase() + ".";
  }

  private static void refuse(String reason) {
    if (!reason.isEmpty()) {
      throw new IllegalStateException(reason);
    }
  }

  @Override
  public MigrationStatus status() {
    return new MigrationStatus(
        log.phase(),
        steering.isPaused(),
        log.phase() == Phase.AWAITING_APPROVAL && steering.approver() == null,
        steering.isPastPointOfNoReturn(),
        log.report());
  }

  /** Why an operator's wish is refused. */
  private static final class Refusals {
    static final String TOO_LATE =
        "The tenant's writes are, or are about to be, on the dedicated side: a rollback from here"
            + " would lose them.";
    static final String NO_APPROVAL_ASKED =
        "The request asks for no approval (approval: automatic).";
  }
}
