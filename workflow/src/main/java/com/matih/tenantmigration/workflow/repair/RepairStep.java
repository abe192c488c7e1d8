package com.matih.tenantmigration.workflow.repair;

import com.matih.tenantmigration.workflow.report.RollbackStep;

/**
 * One step of a repair.
 *
 * @param step a {@link com.matih.tenantmigration.workflow.Compensation}, or the type of an activity
 *     that tidies up after a cutover
 * @param message what is on record of it, or what became of it
 */
public record RepairStep(String step, Status status, String message) {

  /** How far a step is. */
  public enum Status {
    /** It is to be run. */
    PLANNED,
    DONE,
    /** There was nothing left for it to do. */
    NOT_NEEDED,
    FAILED
  }

  /** The step as it was run. */
  public static RepairStep of(RollbackStep run) {
    return new RepairStep(
        run.step(),
        switch (run.status()) {
          case DONE -> Status.DONE;
          case NOT_NEEDED -> Status.NOT_NEEDED;
          case FAILED -> Status.FAILED;
        },
        run.message());
  }
}
