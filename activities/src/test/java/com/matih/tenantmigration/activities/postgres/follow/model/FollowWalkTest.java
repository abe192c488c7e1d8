package com.matih.tenantmigration.activities.postgres.follow.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.follow.model.Exploration.Finding;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random interleavings of scenarios that are too large to explore: six writers of up to four
 * writes, three rounds, two deaths of the migrator. A seed gives the scenario and the walk.
 *
 * <p>{@code -Dfollow.model.effort=N} walks more, see {@link Effort}.
 */
class FollowWalkTest {

  private static final int WALKS = 3_000;

  @Test
  void everyRoundEqualsItsSnapshotAndNoWriteIsLost() {
    for (int seed = 0; seed < WALKS * Effort.level(); seed++) {
      assertThat(walk(seed, Set.of())).as("walk of seed %s", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOTES_REMOVED_BY_NUMBER", "ONE_NOTE_A_KEY", "FENCE_WITHOUT_DRAIN"})
  void aWalkFindsAFault(Fault fault) {
    Optional<Finding> found = Optional.empty();
    for (int seed = 0; seed < WALKS && found.isEmpty(); seed++) {
      found = walk(seed, EnumSet.of(fault));
    }
    assertThat(found).isPresent();
  }

  private static Optional<Finding> walk(int seed, Set<Fault> faults) {
    Scenario scenario = new RandomScenarios(seed).next(6, 4).withRounds(3).withDeaths(2);
    return RandomWalk.walk(scenario, faults, new Random(seed));
  }
}
