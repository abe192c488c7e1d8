package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * A version of a row in the shared database. Transactions are bits, and a snapshot is the set of
 * transactions that it sees, so the order in which transactions got their numbers makes no
 * difference between states.
 *
 * @param place which of the two ranges of the base copy reads this version; an update changes it,
 *     as it changes a ctid
 * @param xmin the transaction that wrote it
 * @param xmax the transaction that deleted or replaced it, or 0
 */
record Version(Row row, int place, int xmin, int xmax) {

  static final int RANGES = 2;

  boolean visible(int view) {
    return (xmin & view) != 0 && (xmax & view) == 0;
  }

  Version endedBy(int xid) {
    return new Version(row, place, xmin, xid);
  }

  Version replacedBy(Row after, int xid) {
    return new Version(after, (place + 1) % RANGES, xid, 0);
  }

  static Version written(Row row, int xid) {
    return new Version(row, row.key() % RANGES, xid, 0);
  }
}
