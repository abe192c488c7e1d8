package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.List;

/**
 * The dedicated database with its ledger; each value of this record is one commit.
 *
 * @param rows the tenant's rows, in order; before keys are built a row may be there twice
 * @param listed the rows that moved not long ago
 * @param ranges how many ranges of the base copy have arrived
 * @param lastNote the greatest number of a note that was carried over
 */
record DedicatedSide(
    List<Row> rows,
    List<Listed> listed,
    int ranges,
    boolean corrected,
    boolean keysBuilt,
    int rounds,
    boolean drained,
    int lastNote) {

  static final DedicatedSide EMPTY =
      new DedicatedSide(List.of(), List.of(), 0, false, false, 0, false, 0);

  DedicatedSide withRange(List<Row> copied) {
    return new DedicatedSide(
        copied, listed, ranges + 1, corrected, keysBuilt, rounds, drained, lastNote);
  }

  DedicatedSide withKeys() {
    return new DedicatedSide(rows, listed, ranges, corrected, true, rounds, drained, lastNote);
  }

  boolean hasKeyTwice() {
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i).id().equals(rows.get(i - 1).id())) {
        return true;
      }
    }
    return false;
  }
}
