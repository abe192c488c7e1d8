package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.log.CommandDetails;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.log.RecordedOutcome;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import com.matih.tenantmigration.workflow.temporal.Failures;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import org.jspecify.annotations.Nullable;

/** See {@link TenantMigrationWorkflow}; {@link MigrationSteps} is the way of the tenant's data. */
public final class TenantMigrationWorkflowImpl implements TenantMigrationWorkflow {

  private final OperatorControl control = new OperatorControl();
  private final MigrationContext context;
  private final MigrationLog log;
  private final MigrationSteps steps;
  private final CommandRules rules;

  /** Temporal hands over the input before it delivers any signal, query or update. */
  @WorkflowInit
  public TenantMigrationWorkflowImpl(@Nullable RawValue raw) {
    String tenant = TemporalNames.tenant(Workflow.getInfo().getWorkflowId());
    WorkflowInput input = WorkflowInput.of(raw).ofTenant(tenant);
    context = MigrationContext.of(Workflow.getInfo(), input.request());
    this.log = new MigrationLog(context);
    this.steps = new MigrationSteps(context, input.problems(), control, log);
    this.rules = new CommandRules(context.request(), control, log);
  }

  @Override
  public MigrationReport migrate(@Nullable RawValue sameInput) {
    log.followVersion();
    control.followVersion();
    CancellationScope forward = Workflow.newCancellationScope(steps::moveForward);
    CancellationScope whole = CancellationScope.current();
    var unused = whole.getCancellationRequest().thenApply(this::noteNativeCancel);
    control.stoppable(forward);
    try {
      thereOrBack(forward);
    } catch (ActivityFailure e) {
      if (!Failures.saysEnded(e)) {
        throw e;
      }
      // a run that was reset: nothing it did reached anything
      log.endedBefore(RecordedOutcome.read(context));
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              Workflow.await(Workflow::isEveryHandlerFinished);
              log.awaitWritten();
            })
        .run();
    return log.report();
  }

  private void thereOrBack(CancellationScope forward) {
    try {
      forward.run();
    } catch (TemporalFailure e) {
      if (Failures.saysEnded(e)) {
        throw e;
      }
      control.turnBack();
      steps.rollBack(e);
    }
  }

  /** Temporal's own cancel reaches every scope by itself; here it is only put on record. */
  private @Nullable String noteNativeCancel(@Nullable String reason) {
    String refusal = rules.ofCancel();
    if (refusal.isEmpty()) {
      control.cancelledByTemporal();
    }
    log.later(
        AcceptedCommand.Kind.CANCEL,
        refusal.isEmpty(),
        refusal.isEmpty() ? "REQUESTED" : "REFUSED",
        CommandDetails.nothing().by("Temporal").reason(reason).why(refusal));
    return reason;
  }

  @Override
  public void pause(@Nullable Object reason, @Nullable Object by) {
    String refusal = rules.ofPause();
    if (refusal.isEmpty()) {
      control.pause();
    }
    note(
        AcceptedCommand.Kind.PAUSE,
        "ACCEPTED",
        refusal,
        CommandDetails.nothing().by(text(by)).reason(text(reason)));
  }

  @Override
  public void resume(@Nullable Object by) {
    String refusal = rules.ofResume();
    if (refusal.isEmpty()) {
      control.resume();
    }
    note(AcceptedCommand.Kind.RESUME, "ACCEPTED", refusal, CommandDetails.nothing().by(text(by)));
  }

  @Override
  public void approve(@Nullable Object approver) {
    String name = text(approver);
    String refusal = rules.ofApproval(name);
    if (refusal.isEmpty()) {
      approveCutover(name);
    } else {
      note(
          AcceptedCommand.Kind.APPROVAL,
          "REFUSED",
          refusal,
          CommandDetails.nothing().approver(name));
    }
  }

  @Override
  public String approveCutover(@Nullable String approver) {
    String name = CommandDetails.orUnnamed(approver);
    control.approve(name);
    note(AcceptedCommand.Kind.APPROVAL, "ACCEPTED", "", CommandDetails.nothing().approver(name));
    return "approved by " + name;
  }

  @Override
  public void validateApproval(@Nullable String approver) {
    refuse(rules.ofApproval(approver));
  }

  @Override
  public void cancelMigration(@Nullable Object reason, @Nullable Object by) {
    String refusal = rules.ofCancel();
    if (refusal.isEmpty()) {
      requestCancel(text(reason), text(by));
    } else {
      note(
          AcceptedCommand.Kind.CANCEL,
          "REFUSED",
          refusal,
          CommandDetails.nothing().by(text(by)).reason(text(reason)));
    }
  }

  @Override
  public String requestCancel(@Nullable String reason, @Nullable String by) {
    String why = CommandDetails.orNoReason(reason);
    control.cancel(why);
    note(AcceptedCommand.Kind.CANCEL, "REQUESTED", "", CommandDetails.nothing().by(by).reason(why));
    return "cancelling in phase " + log.phase();
  }

  @Override
  public void validateCancel(@Nullable String reason, @Nullable String by) {
    refuse(rules.ofCancel());
  }

  @Override
  public void throttle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable Object by) {
    String refusal = rules.ofThrottle(ThrottleChange.of(bytesPerSecond, maxReplicaLag));
    if (refusal.isEmpty()) {
      var unused = changeThrottle(bytesPerSecond, maxReplicaLag, text(by));
    } else {
      note(
          AcceptedCommand.Kind.THROTTLE, "REFUSED", refusal, CommandDetails.nothing().by(text(by)));
    }
  }

  @Override
  public String changeThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by) {
    ThrottleSpec next = ThrottleChange.of(bytesPerSecond, maxReplicaLag).on(log.throttle());
    note(
        AcceptedCommand.Kind.THROTTLE,
        "ACCEPTED",
        "",
        CommandDetails.nothing().by(by).throttle(next.words()));
    log.throttle(next);
    return "throttle: " + next.words();
  }

  @Override
  public void validateThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by) {
    refuse(rules.ofThrottle(ThrottleChange.of(bytesPerSecond, maxReplicaLag)));
  }

  private static @Nullable String text(@Nullable Object said) {
    return said == null ? null : said.toString();
  }

  private void note(
      AcceptedCommand.Kind wish, String outcome, String refusal, CommandDetails said) {
    boolean granted = refusal.isEmpty();
    log.steered(wish, granted, granted ? outcome : "REFUSED", said.why(refusal));
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
        control.isPaused(),
        log.phase() == Phase.AWAITING_APPROVAL
            && context.request().approval() == Approval.REQUIRED
            && control.approver() == null,
        control.isPastPointOfNoReturn(),
        log.delay(),
        log.report());
  }
}
