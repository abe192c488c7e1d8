package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.List;

/**
 * What an exploration starts with.
 *
 * @param rows the committed rows of the shared database
 * @param scripts the writers, which are called T1, T2 …
 * @param rounds how many rounds there may be before the fence; the migrator may take fewer
 * @param deaths how often the migrator may die
 */
record Scenario(List<Row> rows, List<Script> scripts, int rounds, int deaths) {

  static Scenario of(List<Row> rows, Script... scripts) {
    return new Scenario(rows, List.of(scripts), 1, 1);
  }

  Scenario withRounds(int count) {
    return new Scenario(rows, scripts, count, deaths);
  }

  Scenario withDeaths(int count) {
    return new Scenario(rows, scripts, rounds, count);
  }
}
