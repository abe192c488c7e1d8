package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.List;
import java.util.Optional;

/**
 * What an exploration found.
 *
 * @param states how many states it looked at
 * @param ends how many of them are ends: the migration and all writers have ended
 * @param refusals how many writes were refused by the fence
 * @param finding the first violation, if any
 */
record Exploration(int states, int ends, int refusals, Optional<Finding> finding) {

  /** A violation with the acts that lead to it. */
  record Finding(Violation violation, List<String> interleaving) {

    @Override
    public String toString() {
      return violation + ": " + String.join("; ", interleaving);
    }
  }
}
