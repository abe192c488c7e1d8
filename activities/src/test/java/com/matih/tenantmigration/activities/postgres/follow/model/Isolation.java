package com.matih.tenantmigration.activities.postgres.follow.model;

/** When a transaction takes the snapshot that it reads, and its triggers judge, with. */
enum Isolation {
  /** Each statement has a snapshot of its own. */
  READ_COMMITTED,
  /** The first statement's snapshot stays. */
  REPEATABLE_READ
}
