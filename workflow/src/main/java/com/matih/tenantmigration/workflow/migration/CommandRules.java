package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import org.jspecify.annotations.Nullable;

/** Why an operator's wish makes no sense now, in a sentence for them; empty where it does. */
final class CommandRules {

  private static final String TOO_LATE =
      "The tenant's writes are, or are about to be, on the dedicated side: a rollback from here"
          + " would lose them.";

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
      return "An approval says who approves.";
    }
    if (request.approval() == Approval.AUTOMATIC) {
      return "The request asks for no approval (approval: automatic).";
    }
    if (control.approver() != null) {
      return "It was approved already, by " + control.approver() + ".";
    }
    return log.phase().compareTo(Phase.FENCE) < 0
        ? ""
        : "It is past the point where an approval counts: phase " + log.phase() + ".";
  }

  String ofCancel() {
    if (control.isPastPointOfNoReturn()) {
      return TOO_LATE;
    }
    return isUnderWay() ? "" : "There is nothing left to cancel: phase " + log.phase() + ".";
  }

  String ofPause() {
    if (control.isPaused()) {
      return "It is paused already.";
    }
    if (control.isGoingBack() && isUnderWay()) {
      return "It is being rolled back: there is nothing to pause.";
    }
    return isUnderWay() && !control.isPastPointOfNoReturn()
        ? ""
        : "There is nothing left to pause: phase " + log.phase() + ".";
  }

  String ofResume() {
    return control.isPaused() ? "" : "It is not paused.";
  }

  private boolean isUnderWay() {
    return log.phase().compareTo(Phase.COMPLETED) < 0;
  }
}
