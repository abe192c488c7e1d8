package com.matih.tenantmigration.activities.postgres.follow.model;

import com.matih.tenantmigration.activities.postgres.follow.model.Memory.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the migrator can do next. Idle, it looks at what is durable and goes on from there, as it
 * does after its death.
 */
final class MigratorSteps {

  private final Scenario scenario;
  private final Set<Fault> faults;
  private final Round round;

  MigratorSteps(Scenario scenario, Set<Fault> faults) {
    this.scenario = scenario;
    this.faults = faults;
    this.round = new Round(faults);
  }

  void addTo(List<Transition> transitions, State state) {
    Memory memory = state.memory();
    boolean early = faults.contains(Fault.NOTES_REMOVED_BEFORE_COMMIT);
    switch (memory.stage()) {
      case IDLE -> begin(transitions, state);
      case SNAPSHOT_TAKEN ->
          transitions.add(
              early
                  ? removeNotes(state, state.memory().at(Stage.REMOVED_EARLY))
                  : commit(state, memory.at(Stage.COMMITTED)));
      case REMOVED_EARLY -> transitions.add(commit(state, idle(state)));
      case COMMITTED -> transitions.add(removeNotes(state, idle(state)));
    }
    if (memory.stage() != Stage.IDLE && memory.deathsLeft() > 0) {
      transitions.add(
          Transition.of(
              "the migrator dies and starts again",
              idle(state, Memory.idle(memory.deathsLeft() - 1))));
    }
  }

  private void begin(List<Transition> transitions, State state) {
    SharedSide shared = state.shared();
    DedicatedSide dedicated = state.dedicated();
    if (!shared.captured()) {
      // SHARE ROW EXCLUSIVE on the tables waits for whoever wrote to one
      if (state.writers().stream().noneMatch(WriterState::hasWritten)) {
        transitions.add(Transition.of("capture is installed", state.with(shared.capture())));
      }
    } else if (dedicated.ranges() < Version.RANGES) {
      transitions.add(copyRange(state));
    } else if (!dedicated.corrected() && !faults.contains(Fault.BASE_COPY_NOT_CORRECTED)) {
      transitions.add(takeSnapshot(state, "the correction takes S"));
    } else if (!dedicated.keysBuilt()) {
      transitions.add(
          new Transition(
              "keys are built",
              state.with(dedicated.withKeys()),
              dedicated.hasKeyTwice() ? Optional.of(Violation.KEY_TWICE) : Optional.empty()));
    } else if (!shared.fenced()) {
      if (dedicated.rounds() < scenario.rounds()) {
        transitions.add(takeSnapshot(state, "a round takes S"));
      }
      // the lock on the note table waits for whoever noted
      if (faults.contains(Fault.FENCE_WITHOUT_DRAIN)
          || state.writers().stream().noneMatch(WriterState::noted)) {
        transitions.add(Transition.of("the fence is raised", state.with(shared.raiseFence())));
      }
    } else if (!dedicated.drained() && olderThanMovesEnded(state)) {
      transitions.add(takeSnapshot(state, "the last round takes S"));
    }
  }

  private Transition copyRange(State state) {
    SharedSide shared = state.shared();
    DedicatedSide dedicated = state.dedicated();
    int range = dedicated.ranges();
    List<Version> ofRange =
        shared.versions().stream().filter(version -> version.place() == range).toList();
    List<Row> rows = new ArrayList<>(dedicated.rows());
    for (Version version : ofRange) {
      Row row = version.row();
      if (version.visible(shared.committed())
          && TenantRows.owner(shared.versions(), shared.committed(), row.table(), row.owner())
              == TenantRows.Ownership.TENANT) {
        rows.add(row);
      }
    }
    rows.sort(Row.ORDER);
    return Transition.of(
        "range " + (range + 1) + " is copied", state.with(dedicated.withRange(rows)));
  }

  /**
   * Whether all transactions have ended that may have written to a parent's children before they
   * could see that it moved. After the fence no parent moves, so this holds from then on.
   */
  private boolean olderThanMovesEnded(State state) {
    if (faults.contains(Fault.OLD_TRANSACTIONS_NOT_AWAITED)) {
      return true;
    }
    int settled = state.settled();
    return state.dedicated().listed().stream().allMatch(row -> (row.movers() & ~settled) == 0)
        && state.shared().notes().stream()
            .allMatch(note -> !note.moved() || (note.xid() & ~settled) == 0);
  }

  private Transition takeSnapshot(State state, String act) {
    int snapshot = state.shared().committed();
    int after = faults.contains(Fault.NOTES_PAGED_BY_NUMBER) ? state.dedicated().lastNote() : -1;
    List<Note> read =
        state.shared().notes().stream()
            .filter(note -> (note.xid() & snapshot) != 0 && note.id() > after)
            .toList();
    return Transition.of(
        act,
        state.with(
            new Memory(
                Stage.SNAPSHOT_TAKEN,
                snapshot,
                state.settled(),
                read,
                state.memory().deathsLeft())));
  }

  private Transition commit(State state, Memory after) {
    Memory memory = state.memory();
    SharedSide shared = state.shared();
    boolean later = faults.contains(Fault.ROWS_AT_LATER_SNAPSHOT);
    DedicatedSide dedicated =
        round.carryOver(
            state.dedicated(),
            shared.versions(),
            memory,
            later ? shared.committed() : memory.snapshot(),
            !state.dedicated().keysBuilt(),
            shared.fenced());
    State next = state.with(dedicated);
    Optional<Violation> violation = Optional.empty();
    if (!dedicated.rows().equals(TenantRows.visible(shared.versions(), memory.snapshot()))) {
      violation = Optional.of(Violation.ROUND_DIFFERS);
    } else if (dedicated.drained() && !dedicated.rows().equals(state.tenantRows())) {
      violation = Optional.of(Violation.DRAIN_DIFFERS);
    }
    return new Transition("it commits on the dedicated side", idleOr(next, after), violation);
  }

  private Transition removeNotes(State state, Memory after) {
    Memory memory = state.memory();
    List<Note> left = new ArrayList<>(state.shared().notes());
    if (faults.contains(Fault.NOTES_REMOVED_BY_NUMBER)) {
      int greatest = memory.read().stream().mapToInt(Note::id).reduce(0, Math::max);
      // a DELETE finds what is committed when it runs
      left.removeIf(
          note -> note.id() <= greatest && (note.xid() & state.shared().committed()) != 0);
    } else {
      left.removeIf(note -> (note.xid() & memory.snapshot()) != 0);
    }
    return Transition.of(
        "it removes the notes", idleOr(state.with(state.shared().withNotes(left)), after));
  }

  private static Memory idle(State state) {
    return Memory.idle(state.memory().deathsLeft());
  }

  private State idleOr(State state, Memory memory) {
    return memory.stage() == Stage.IDLE ? idle(state, memory) : state.with(memory);
  }

  private State idle(State state, Memory memory) {
    return state.with(memory).vacuum(scenario.scripts());
  }
}
