package com.matih.tenantmigration.workflow.report;

/**
 * What one compensation did.
 *
 * @param step such as {@code RELEASE_FENCE}; see {@link
 *     com.matih.tenantmigration.workflow.Compensation}
 * @param message what was done, why nothing was needed, or what failed and what to do
 */
public record RollbackStep(String step, Status status, String message) {

  /** How a compensation ended. */
  public enum Status {
    DONE,
    /** There was nothing of this migration to undo. */
    NOT_NEEDED,
    FAILED
  }
}
