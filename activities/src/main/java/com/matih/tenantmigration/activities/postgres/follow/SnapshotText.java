package com.matih.tenantmigration.activities.postgres.follow;

/**
 * A snapshot as {@code pg_current_snapshot} writes it.
 *
 * @param first the first transaction that had not ended
 * @param next the first that had not begun to write
 */
record SnapshotText(String text, long first, long next) {

  /** Reads {@code xmin:xmax:list}. */
  static SnapshotText parse(String text) {
    String[] parts = text.split(":", -1);
    return new SnapshotText(text, Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  /** Whether all transactions that were open at an earlier snapshot have ended at this one. */
  boolean hasEndedAllOf(SnapshotText earlier) {
    return first >= earlier.next;
  }
}
