package com.matih.tenantmigration.workflow;

/**
 * Where a migration stands. The order is that of {@code mode: offline}; online, the tenant works
 * until FENCE, which comes after VERIFY and AWAITING_APPROVAL.
 */
public enum Phase {
  PREFLIGHT,
  PROVISION,
  /** Online: from here on every change of the tenant on the shared side is noted. */
  CAPTURE,
  AWAITING_APPROVAL,
  FENCE,
  SNAPSHOT,
  COPY,
  WARM,
  /** Online: changes are carried over in rounds until the lag is small. */
  CATCH_UP,
  VERIFY,
  /**
   * Online: under the fence, the rest is carried over, and what changed since VERIFY is verified.
   */
  DRAIN,
  CUTOVER,
  COMPLETED,
  REFUSED,
  ROLLING_BACK,
  ROLLED_BACK,
  ROLLBACK_INCOMPLETE
}
