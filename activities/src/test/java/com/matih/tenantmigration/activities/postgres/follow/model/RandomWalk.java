package com.matih.tenantmigration.activities.postgres.follow.model;

import com.matih.tenantmigration.activities.postgres.follow.model.Exploration.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One interleaving by chance, of a scenario that is too large to explore. */
final class RandomWalk {

  private static final int ACTS_AT_ONE_PACE = 6;

  private RandomWalk() {}

  /** Walks to the end of a scenario, or to the first violation. */
  static Optional<Finding> walk(Scenario scenario, Set<Fault> faults, Random random) {
    Protocol protocol = new Protocol(scenario, faults);
    List<String> acts = new ArrayList<>();
    State state = State.start(scenario);
    double migratorsShare = random.nextDouble();
    while (true) {
      // now the migrator hurries and now the writers, so that a write is open during many acts
      if (random.nextInt(ACTS_AT_ONE_PACE) == 0) {
        migratorsShare = random.nextDouble();
      }
      List<Transition> transitions =
          random.nextDouble() < migratorsShare
              ? protocol.migratorNext(state)
              : protocol.writersNext(state);
      if (transitions.isEmpty()) {
        transitions = protocol.next(state);
      }
      if (transitions.isEmpty()) {
        return Optional.empty();
      }
      Transition transition = transitions.get(random.nextInt(transitions.size()));
      acts.add(transition.act());
      if (transition.violation().isPresent()) {
        return Optional.of(new Finding(transition.violation().get(), acts));
      }
      state = transition.next();
    }
  }
}
