package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import org.jspecify.annotations.Nullable;

/** Why an operator's wish makes no sense now, in a sentence for them; empty where it does. */
final class Refusals {

  private static final String TOO_LATE =
      "The tenant's writes are, or are about to be, on the dedicated side: a rollback from here"
          + " would lose them.";

  private final MigrationRequest request;
  private final Steering steering;
  private final MigrationLog log;

  Refusals(MigrationRequest request, Steering steering, MigrationLog log) {
    this.request = request;
    this.steering = steering;
    this.log = log;
  }

  String ofApproval(@Nullable String approver) {
    if (approver == null || approver.isBlank()) {
      return "An approval says who approves.";
    }
    if (request.approval() == Approval.AUTOMATIC) {
      return "The request asks for no approval (approval: automatic).";
    }
    if (steering.approver() != null) {
      return "It was approved already, by " + steering.approver() + ".";
    }
    return log.phase().compareTo(Phase.FENCE) < 0
        ? ""
        : "It is past the point where an approval counts: phase " + log.phase() + ".";
  }

  String ofCancel() {
    if (steering.isPastPointOfNoReturn()) {
      return TOO_LATE;
    }
    return isUnderWay() ? "" : "There is nothing left to cancel: phase " + log.phase() + ".";
  }

  String ofPause() {
    if (steering.isPaused()) {
      return "It is paused already.";
    }
    if (steering.isGoingBack() && isUnderWay()) {
      return "It is being rolled back: there is nothing to pause.";
    }
    return isUnderWay() && !steering.isPastPointOfNoReturn()
        ? ""
        : "There is nothing left to pause: phase " + log.phase() + ".";
  }

  String ofResume() {
    return steering.isPaused() ? "" : "It is not paused.";
  }

  private boolean isUnderWay() {
    return log.phase().compareTo(Phase.COMPLETED) < 0;
  }
}
