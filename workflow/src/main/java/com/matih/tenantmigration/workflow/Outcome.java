package com.matih.tenantmigration.workflow;

/** How a migration ended, or that it has not yet. */
public enum Outcome {
  RUNNING,
  COMPLETED,
  /** Preflight found a reason against it; nothing was changed. */
  REFUSED,
  /** Everything is as it was before. */
  ROLLED_BACK,
  /** A step of the rollback failed; a person is needed. */
  ROLLBACK_INCOMPLETE
}
