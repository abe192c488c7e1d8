package com.matih.tenantmigration.activities.temporal;

import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.ObjectCheckResults;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RowCheckResults;

/**
 * Takes out of what an activity answers people the values of secrets, which a server may have
 * repeated, and what would be too much to read and to send.
 */
final class TextsTold {

  private TextsTold() {}

  /** The same answer, scrubbed and shortened, for Temporal's history. */
  @SuppressWarnings("unchecked") // each answer becomes one of its own type
  static <T> T of(T answer) {
    if (answer instanceof PlanFindings findings) {
      return (T) findings.told(ResolvedSecrets::scrub);
    }
    if (answer instanceof CheckResult check) {
      return (T) check.told(ResolvedSecrets::scrub);
    }
    if (answer instanceof RowCheckResults checks) {
      return (T) checks.told(ResolvedSecrets::scrub);
    }
    if (answer instanceof ObjectCheckResults checks) {
      return (T) checks.told(ResolvedSecrets::scrub);
    }
    if (answer instanceof Drained drained) {
      return (T) drained.told(ResolvedSecrets::scrub);
    }
    return answer instanceof RollbackStep step ? (T) step.told(ResolvedSecrets::scrub) : answer;
  }
}
