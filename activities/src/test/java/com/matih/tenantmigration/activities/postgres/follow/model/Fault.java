package com.matih.tenantmigration.activities.postgres.follow.model;

/** A mistake in the protocol. Each is one that an implementation could make. */
enum Fault {
  /** Notes are removed before the round's transaction on the dedicated side commits. */
  NOTES_REMOVED_BEFORE_COMMIT,
  /** Notes up to the greatest number that was read are removed, not those visible in S. */
  NOTES_REMOVED_BY_NUMBER,
  /** A round reads the notes after the greatest number of the round before it. */
  NOTES_PAGED_BY_NUMBER,
  /** Keys are built on the base copy as it is. */
  BASE_COPY_NOT_CORRECTED,
  /** The correction of the base copy leaves rows whose parent is not on the dedicated side. */
  ORPHANS_KEPT,
  /** A key is noted once, with ON CONFLICT DO NOTHING. */
  ONE_NOTE_A_KEY,
  /** The round carries over what is noted, and not the children of parents that moved. */
  MOVED_CHILDREN_FORGOTTEN,
  /** The children of a parent that moved are carried over once. */
  MOVED_PARENTS_NOT_KEPT,
  /** Only parents that changed tenant are kept listed, not those that were inserted. */
  ONLY_OWNER_CHANGES_KEPT,
  /** Whether a parent moved is found by comparing both sides, not from its notes. */
  MOVES_FOUND_BY_STATE,
  /** A trigger that does not see a row's parent notes nothing. */
  UNSEEN_PARENTS_NOT_NOTED,
  /** A trigger trusts a snapshot that is older than the capture. */
  OLD_SNAPSHOTS_TRUSTED,
  /** The drain does not wait for transactions that are older than the last move of a parent. */
  OLD_TRANSACTIONS_NOT_AWAITED,
  /** A trigger reads the fence's value first, and notes then. */
  FENCE_READ_BEFORE_NOTE,
  /** Raising the fence swaps what the triggers do, and waits for nobody. */
  FENCE_WITHOUT_DRAIN,
  /** A round reads rows at a later snapshot than the notes. */
  ROWS_AT_LATER_SNAPSHOT
}
