package com.matih.tenantmigration.workflow;

/** Where a migration stands. The order is the order in which they are passed through. */
public enum Phase {
  PREFLIGHT,
  PROVISION,
  AWAITING_APPROVAL,
  FENCE,
  SNAPSHOT,
  COPY,
  WARM,
  VERIFY,
  CUTOVER,
  COMPLETED,
  REFUSED,
  ROLLING_BACK,
  ROLLED_BACK,
  ROLLBACK_INCOMPLETE
}
