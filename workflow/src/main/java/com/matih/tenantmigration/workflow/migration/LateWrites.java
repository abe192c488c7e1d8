package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.ActivityFailure;
import java.util.function.Consumer;

/**
 * What a service that missed the switch has written on the shared side since the cutover. The
 * tenant does not see it, and nothing carries it over any more, so people are told.
 */
final class LateWrites {

  private static final String OBJECT = "late writes";

  private final MigrationContext context;
  private final Consumer<Warning> found;
  private final VerificationActivities activities;

  /**
   * @param found learns of each late write, and of a look that was not possible
   */
  LateWrites(MigrationContext context, Consumer<Warning> found) {
    this.context = context;
    this.found = found;
    this.activities = Stubs.of(VerificationActivities.class, context).bulk();
  }

  /** Has the shared side looked at, when the services have had time to learn of the switch. */
  void report() {
    if (!WorkflowChange.LATE_WRITES_REPORTED.applies()) {
      return;
    }
    try {
      CheckResult result = activities.lateWrites(context);
      if (result.status() == CheckResult.Status.FAILED) {
        result.mismatches().forEach(write -> warn(ofWrite(write)));
      }
    } catch (ActivityFailure e) {
      if (Failures.saysEnded(e)) {
        throw e;
      }
      warn("Not known whether services still write on the shared side: " + Failures.message(e));
    }
  }

  private static String ofWrite(String write) {
    return "%s. The tenant does not see this: stop the service that wrote it, and write it again on the dedicated side."
        .formatted(write);
  }

  private void warn(String message) {
    found.accept(new Warning(StoreName.VERIFICATION, OBJECT, message));
  }
}
