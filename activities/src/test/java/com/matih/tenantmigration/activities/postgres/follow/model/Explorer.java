package com.matih.tenantmigration.activities.postgres.follow.model;

import com.matih.tenantmigration.activities.postgres.follow.model.Exploration.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Explores all interleavings of a scenario, the shortest first. A state that two interleavings
 * reach is looked at once.
 */
final class Explorer {

  private record Reached(State state, int number) {}

  private final Protocol protocol;
  private final Set<Violation> sought;
  private final int mostStates;
  private final LongSet seen = new LongSet();
  private final Queue<Reached> frontier = new ArrayDeque<>();
  private final List<Integer> from = new ArrayList<>();
  private final List<String> acts = new ArrayList<>();

  private Explorer(Protocol protocol, Set<Violation> sought, int mostStates) {
    this.protocol = protocol;
    this.sought = sought;
    this.mostStates = mostStates;
  }

  /**
   * Explores a scenario until it finds a violation of any property.
   *
   * @throws IllegalStateException if there are more states than {@code mostStates}, because what
   *     ends there has not seen all interleavings
   */
  static Exploration explore(Scenario scenario, Set<Fault> faults, int mostStates) {
    return explore(scenario, faults, EnumSet.allOf(Violation.class), mostStates);
  }

  /**
   * Explores a scenario until it finds a violation that is sought, and goes on past others.
   *
   * @throws IllegalStateException if there are more states than {@code mostStates}, because what
   *     ends there has not seen all interleavings
   */
  static Exploration explore(
      Scenario scenario, Set<Fault> faults, Set<Violation> sought, int mostStates) {
    return new Explorer(new Protocol(scenario, faults), sought, mostStates)
        .run(State.start(scenario));
  }

  private Exploration run(State start) {
    int ends = 0;
    int refusals = 0;
    reach(start, -1, "");
    while (!frontier.isEmpty()) {
      Reached reached = frontier.remove();
      if (reached.state().ended()) {
        ends++;
      }
      for (Transition transition : protocol.next(reached.state())) {
        if (transition.violation().filter(sought::contains).isPresent()) {
          Finding finding =
              new Finding(
                  transition.violation().get(), interleaving(reached.number(), transition.act()));
          return new Exploration(seen.size(), ends, refusals, Optional.of(finding));
        }
        if (transition.act().endsWith("refused")) {
          refusals++;
        }
        reach(transition.next(), reached.number(), transition.act());
      }
    }
    return new Exploration(seen.size(), ends, refusals, Optional.empty());
  }

  private void reach(State state, int origin, String act) {
    if (!seen.add(Fingerprint.of(state))) {
      return;
    }
    if (seen.size() > mostStates) {
      throw new IllegalStateException("The scenario has more than " + mostStates + " states");
    }
    frontier.add(new Reached(state, from.size()));
    from.add(origin);
    acts.add(act);
  }

  private List<String> interleaving(int number, String lastAct) {
    List<String> found = new ArrayList<>();
    found.add(lastAct);
    for (int i = number; from.get(i) >= 0; i = from.get(i)) {
      found.add(acts.get(i));
    }
    Collections.reverse(found);
    return found;
  }
}
