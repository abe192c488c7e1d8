package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * How much is explored. The system property {@code follow.model.effort} is a number from 1, the
 * default, which takes seconds. From 2 on, random scenarios have three writers. Each step adds a
 * round and a death of the migrator to each small scenario, 150 random scenarios and 3,000 walks.
 */
final class Effort {

  static final String PROPERTY = "follow.model.effort";

  /** More states than any scenario has; what would not end fails here. */
  static final int MOST_STATES = 20_000_000;

  private Effort() {}

  static int level() {
    int level = Integer.getInteger(PROPERTY, 1);
    if (level < 1) {
      throw new IllegalArgumentException(PROPERTY + " must be at least 1, not " + level);
    }
    return level;
  }
}
