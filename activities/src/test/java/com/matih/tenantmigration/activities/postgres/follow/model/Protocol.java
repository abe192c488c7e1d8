package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All acts that are possible in a state of a scenario. */
final class Protocol {

  private final WriterSteps writers;
  private final MigratorSteps migrator;

  Protocol(Scenario scenario, Set<Fault> faults) {
    writers = new WriterSteps(scenario.scripts(), faults);
    migrator = new MigratorSteps(scenario, faults);
  }

  List<Transition> next(State state) {
    List<Transition> transitions = new ArrayList<>(writersNext(state));
    transitions.addAll(migratorNext(state));
    if (transitions.isEmpty() && !state.ended()) {
      transitions.add(new Transition("nobody can go on", state, Optional.of(Violation.STUCK)));
    }
    return transitions;
  }

  List<Transition> writersNext(State state) {
    List<Transition> transitions = new ArrayList<>();
    writers.addTo(transitions, state);
    return transitions;
  }

  List<Transition> migratorNext(State state) {
    List<Transition> transitions = new ArrayList<>();
    migrator.addTo(transitions, state);
    return transitions;
  }
}
