package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.List;

/**
 * A transaction of a service: its writes, and whether it may end with a rollback instead of a
 * commit.
 */
record Script(Isolation isolation, boolean mayRollBack, List<Write> writes) {

  static Script readCommitted(Write... writes) {
    return new Script(Isolation.READ_COMMITTED, false, List.of(writes));
  }

  static Script repeatableRead(Write... writes) {
    return new Script(Isolation.REPEATABLE_READ, false, List.of(writes));
  }

  Script orRollback() {
    return new Script(isolation, true, writes);
  }
}
