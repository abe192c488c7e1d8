package com.matih.tenantmigration.activities.postgres.follow.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol holds in every interleaving of small scenarios.
 *
 * <p>{@code -Dfollow.model.effort=N} explores more, see {@link Effort}.
 */
class FollowExplorationTest {

  private static final Logger LOG = LoggerFactory.getLogger(FollowExplorationTest.class);

  private static final int RANDOM_SCENARIOS = 150;

  static List<Named<Scenario>> smallScenarios() {
    return SmallScenarios.all();
  }

  @ParameterizedTest
  @MethodSource("smallScenarios")
  void everyRoundEqualsItsSnapshotAndNoWriteIsLost(Scenario scenario, TestInfo test) {
    int more = Effort.level() - 1;

    Exploration explored =
        Explorer.explore(
            scenario.withRounds(scenario.rounds() + more).withDeaths(scenario.deaths() + more),
            Set.of(),
            Effort.MOST_STATES);

    LOG.info("{}: {} states", test.getDisplayName(), explored.states());
    assertThat(explored.finding()).isEmpty();
    assertThat(explored.ends()).as("ways to the end").isPositive();
    assertThat(explored.refusals()).as("writes that the fence refused").isPositive();
  }

  @Test
  void randomScenariosHold() {
    int writers = Effort.level() == 1 ? 2 : 3;
    long states = 0;
    for (int seed = 0; seed < RANDOM_SCENARIOS * Effort.level(); seed++) {
      Scenario scenario = new RandomScenarios(seed).next(writers, 3);

      Exploration explored = Explorer.explore(scenario, Set.of(), Effort.MOST_STATES);

      states += explored.states();
      assertThat(explored.finding()).as("scenario %s of seed %s", scenario, seed).isEmpty();
      assertThat(explored.ends()).as("ways to the end with seed %s", seed).isPositive();
    }
    LOG.info("random scenarios: {} states", states);
  }
}
