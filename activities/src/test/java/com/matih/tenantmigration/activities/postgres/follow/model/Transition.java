package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.Optional;

/** One act of a writer or of the migrator, and the property that it breaks, if any. */
record Transition(String act, State next, Optional<Violation> violation) {

  static Transition of(String act, State next) {
    return new Transition(act, next, Optional.empty());
  }
}
