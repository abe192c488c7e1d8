package com.matih.tenantmigration.activities.postgres.follow;

import java.util.List;

/**
 * What a round did.
 *
 * @param number counts the migration's rounds
 * @param snapshot which transactions the shared side had ended, as {@code pg_current_snapshot}
 *     writes it; after the round the dedicated side equals the shared one there
 * @param changes how many notes were carried over
 * @param carried the tables that were concerned
 */
public record Round(long number, String snapshot, long changes, List<Carried> carried) {

  public Round {
    carried = List.copyOf(carried);
  }

  /**
   * A table of a round.
   *
   * @param whole whether all its rows were copied again
   * @param sourcePredicate true on the shared side, over the alias {@code t}, for what it carried
   */
  public record Carried(FollowedTable table, boolean whole, String sourcePredicate) {

    /** True on the dedicated side, over the alias {@code t}, until the session's next round. */
    public String targetPredicate() {
      return TargetRound.predicate(table, whole);
    }
  }
}
