package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.List;

/**
 * What the migrator forgets when it dies.
 *
 * @param snapshot S, the transactions that the round sees
 * @param settled the transactions that all open ones have seen since they began
 * @param read the notes that were read at S
 * @param deathsLeft how often it may still die, which it does not forget
 */
record Memory(Stage stage, int snapshot, int settled, List<Note> read, int deathsLeft) {

  /** How far a round is. */
  enum Stage {
    IDLE,
    SNAPSHOT_TAKEN,
    REMOVED_EARLY,
    COMMITTED
  }

  static Memory idle(int deathsLeft) {
    return new Memory(Stage.IDLE, 0, 0, List.of(), deathsLeft);
  }

  Memory at(Stage next) {
    return new Memory(next, snapshot, settled, read, deathsLeft);
  }
}
