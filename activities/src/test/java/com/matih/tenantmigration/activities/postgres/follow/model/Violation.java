package com.matih.tenantmigration.activities.postgres.follow.model;

/** A property that an interleaving breaks. */
enum Violation {
  /** After a round, the dedicated side is not the shared side at S. */
  ROUND_DIFFERS,
  /** A row is on the dedicated side twice when the keys are built. */
  KEY_TWICE,
  /** After the last round, the dedicated side is not the shared side. */
  DRAIN_DIFFERS,
  /** After the last round, a transaction changed the tenant's rows and was acknowledged. */
  ACKNOWLEDGED_WRITE_LOST,
  /** A write that its own trigger takes for the tenant's came after the fence and was accepted. */
  ACCEPTED_UNDER_FENCE,
  /** Nobody can go on, but the migration or a writer has not ended. */
  STUCK
}
