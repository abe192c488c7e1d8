package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import org.jspecify.annotations.Nullable;

/** Why an operator's command is not valid in the current state, as a sentence; empty if it is. */
final class CommandRules {

  private static final String TOO_LATE =
      "The tenant writes, or is about to write, on the dedicated side: a rollback would lose those"
          + " writes.";

  private final MigrationRequest request;
  private final OperatorControl control;
  private final MigrationLog log;

  CommandRules(MigrationRequest request, OperatorControl control, MigrationLog log) {
    this.request = request;
    this.control = control;
    this.log = log;
  }

  String ofApproval(@Nullable String approver) {
    if (approver == null || approver.isBlank()) {
      return "Approver name is required.";
    }
    if (request.approval() == Approval.AUTOMATIC) {
      return "The request does not require approval (approval: automatic).";
    }
    if (control.approver() != null) {
      return "Already approved by " + control.approver() + ".";
    }
    return log.isBeforeFence() ? "" : "Too late for an approval: phase " + log.phase() + ".";
  }

  String ofCancel() {
    if (control.isPastPointOfNoReturn()) {
      return TOO_LATE;
    }
    return isUnderWay() ? "" : "Cannot cancel: phase " + log.phase() + ".";
  }

  String ofPause() {
    if (control.isPaused()) {
      return "Already paused.";
    }
    if (control.isGoingBack() && isUnderWay()) {
      return "Already rolling back; it cannot be paused.";
    }
    return isUnderWay() && !control.isPastPointOfNoReturn()
        ? ""
        : "Cannot pause: phase " + log.phase() + ".";
  }

  String ofResume() {
    return control.isPaused() ? "" : "Not paused.";
  }

  String ofThrottle(ThrottleChange change) {
    if (control.isGoingBack() && isUnderWay()) {
      return "Already rolling back; the shared side is not read any more.";
    }
    if (comparesFrozenRows()) {
      return change.problem();
    }
    if (!isUnderWay() || control.isPastPointOfNoReturn()) {
      return "Cannot change the throttle: phase " + log.phase() + ".";
    }
    if (request.mode() == Mode.ONLINE && !log.isBeforeFence()) {
      return "The tenant is read-only: what is left is read without a bound (phase %s)."
          .formatted(log.phase());
    }
    return change.problem();
  }

  /** After the cutover the shared side is read once more, as gently as before it. */
  private boolean comparesFrozenRows() {
    return request.mode() == Mode.ONLINE
        && log.phase() == Phase.COMPLETED
        && log.report().outcome() == Outcome.RUNNING;
  }

  private boolean isUnderWay() {
    return log.phase().compareTo(Phase.COMPLETED) < 0;
  }
}
