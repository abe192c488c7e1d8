package com.matih.tenantmigration.workflow.temporal;

import io.temporal.workflow.Workflow;

/**
 * What this version of the workflow decides differently from an earlier release, so that a run that
 * decided it there replays. Each is asked where it first matters: a run that gets there only now
 * does what this version does.
 */
public enum WorkflowChange {
  /**
   * What brings a tenant back, and what activates it, is tried until it is done; in 1.0.0 the
   * workflow gave up, or tried the activation in a loop of its own.
   */
  WAY_BACK_UNTIL_DONE("way-back-until-done"),
  /**
   * What an operator asked for goes into the audit trail without the report, which follows in a
   * marker; in 1.0.0 the history kept the whole report each time.
   */
  ENTRIES_APART("audit-entries-apart"),
  /**
   * A request that is wrong by itself is refused by what is a rule now; 1.0.0 had fewer rules, and
   * what it accepted goes on.
   */
  REQUEST_RULES("request-rules"),
  /**
   * A pause stops every step before the final one; before, it stopped the copies alone, and any
   * other step went on while the migration was paused.
   */
  PAUSE_STOPS_STEPS("pause-stops-steps"),
  /**
   * No check begins after another one has lost its store; before, each waited for the store in its
   * turn while the tenant was read-only.
   */
  LOST_STORE_ENDS_CHECKS("lost-store-ends-checks"),
  /**
   * A check that has lost its store stops those that run beside it; before, each of them waited for
   * the store as long as the first had.
   */
  LOST_STORE_STOPS_CHECKS("lost-store-stops-checks"),
  /**
   * ROW_COUNT, PRIMARY_KEY_CHECKSUM and ROW_CONTENT are made by one activity; before, each read all
   * rows by one of its own.
   */
  ROWS_IN_ONE_PASS("rows-in-one-pass"),
  /**
   * An input that says nothing of a mode is an online migration; before there were modes every
   * migration was offline.
   */
  ONLINE_BY_DEFAULT("online-by-default"),
  /**
   * In the cutover the shared side is looked at beside the services' health; before, it came after
   * that.
   */
  LIVE_CHECKS_SIDE_BY_SIDE("live-checks-side-by-side"),
  /**
   * Some time after the cutover the shared side is looked at once more; before, nobody looked at it
   * after the final step.
   */
  LATE_WRITES_REPORTED("late-writes-reported");

  private final String id;

  WorkflowChange(String id) {
    this.id = id;
  }

  /** Whether the run follows this version. */
  public boolean applies() {
    return Workflow.getVersion(id, Workflow.DEFAULT_VERSION, 1) >= 1;
  }
}
