package com.matih.tenantmigration.activities.postgres.follow.model;

import com.matih.tenantmigration.activities.postgres.follow.model.WriterState.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the writers can do next. */
final class WriterSteps {

  private final List<Script> scripts;
  private final Set<Fault> faults;
  private final Capture capture;

  WriterSteps(List<Script> scripts, Set<Fault> faults) {
    this.scripts = scripts;
    this.faults = faults;
    this.capture = new Capture(faults);
  }

  void addTo(List<Transition> transitions, State state) {
    for (int i = 0; i < scripts.size(); i++) {
      WriterState writer = state.writers().get(i);
      if (writer.status() == Status.NOT_BEGUN) {
        WriterState begun = writer.begun(state.shared().committed());
        if (scripts.get(i).isolation() == Isolation.REPEATABLE_READ) {
          transitions.add(Transition.of(name(i) + " takes its snapshot", state.with(i, begun)));
        } else {
          write(transitions, state, i, begun);
        }
      } else if (writer.open()) {
        if (writer.step() < scripts.get(i).writes().size()) {
          write(transitions, state, i, writer);
        } else {
          end(transitions, state, i);
        }
      }
    }
  }

  private void write(List<Transition> transitions, State state, int i, WriterState writer) {
    Write write = scripts.get(i).writes().get(writer.step());
    boolean fenced = state.shared().fenced();
    boolean readFirst = faults.contains(Fault.FENCE_READ_BEFORE_NOTE);
    if (writer.half() && !readFirst) {
      String act = name(i) + " reads the fence: " + (fenced ? "up, refused" : "down");
      transitions.add(
          fenced
              ? rollBack(state, i, act)
              : Transition.of(act, state.with(i, writer.afterWrite(true))));
    } else if (!writer.half() && readFirst && state.shared().captured()) {
      transitions.add(
          Transition.of(
              name(i) + " reads the fence: " + (fenced ? "up" : "down"),
              state.with(i, writer.afterReadingFence(fenced))));
    } else {
      change(transitions, state, i, writer, write);
    }
  }

  private void change(
      List<Transition> transitions, State state, int i, WriterState writer, Write write) {
    int xid = SharedSide.xid(i);
    SharedSide shared = state.shared();
    Statement statement = statement(shared, i, writer);
    String act = name(i) + " " + write;
    switch (statement.run(write)) {
      case BLOCKED -> giveUp(transitions, state, i, writer, act);
      case FAILED -> transitions.add(rollBack(state, i, act + ", which fails"));
      case DONE -> {
        if (!shared.captured()) {
          SharedSide now = shared.written(statement.versions(), List.of(), 0);
          transitions.add(Transition.of(act, state.with(now).with(i, writer.afterWrite(false))));
          return;
        }
        Capture.Result noted =
            capture.note(shared, statement, xid, olderThanCapture(shared, i, writer));
        if (noted.blocked()) {
          giveUp(transitions, state, i, writer, act);
          return;
        }
        SharedSide now = shared.written(statement.versions(), noted.notes(), noted.nextNote());
        transitions.add(noted(state, i, writer, now, act, noted.noting()));
      }
    }
  }

  private Transition noted(
      State state, int i, WriterState writer, SharedSide now, String act, boolean noting) {
    if (!noting) {
      return Transition.of(act, state.with(now).with(i, writer.afterWrite(writer.noted())));
    }
    if (!faults.contains(Fault.FENCE_READ_BEFORE_NOTE)) {
      return Transition.of(act + " and notes it", state.with(now).with(i, writer.afterNoting()));
    }
    if (writer.fenceSeen()) {
      return rollBack(state, i, act + ", refused");
    }
    return new Transition(
        act + " and notes it",
        state.with(now).with(i, writer.afterWrite(true)),
        now.fenced() ? Optional.of(Violation.ACCEPTED_UNDER_FENCE) : Optional.empty());
  }

  private void end(List<Transition> transitions, State state, int i) {
    SharedSide shared = state.shared();
    WriterState writer = state.writers().get(i);
    switch (statement(shared, i, writer).keysHold()) {
      case BLOCKED -> giveUp(transitions, state, i, writer, name(i) + " commits");
      case FAILED -> transitions.add(rollBack(state, i, name(i) + " fails on a foreign key"));
      case DONE -> transitions.add(commit(state, i));
    }
    if (scripts.get(i).mayRollBack()) {
      transitions.add(rollBack(state, i, name(i) + " rolls back"));
    }
  }

  private Transition commit(State state, int i) {
    WriterState ended = state.writers().get(i).end(Status.COMMITTED);
    State next =
        state.with(state.shared().commit(SharedSide.xid(i))).with(i, ended).vacuum(scripts);
    boolean lost = next.dedicated().drained() && !next.tenantRows().equals(next.dedicated().rows());
    return new Transition(
        name(i) + " commits",
        next,
        lost ? Optional.of(Violation.ACKNOWLEDGED_WRITE_LOST) : Optional.empty());
  }

  /** A writer that waits may end by a timeout or as the victim of a deadlock. */
  private void giveUp(
      List<Transition> transitions, State state, int i, WriterState writer, String act) {
    if (writer.open()) {
      transitions.add(rollBack(state, i, act + ", waits and gives up"));
    }
  }

  private Transition rollBack(State state, int i, String act) {
    WriterState ended = state.writers().get(i).end(Status.ROLLED_BACK);
    SharedSide now = state.shared().rollBack(SharedSide.xid(i));
    return Transition.of(act, state.with(now).with(i, ended).vacuum(scripts));
  }

  private Statement statement(SharedSide shared, int i, WriterState writer) {
    boolean repeatable = scripts.get(i).isolation() == Isolation.REPEATABLE_READ;
    return new Statement(
        shared.versions(),
        SharedSide.xid(i),
        shared.committed(),
        repeatable ? writer.view() : shared.committed());
  }

  private boolean olderThanCapture(SharedSide shared, int i, WriterState writer) {
    return scripts.get(i).isolation() == Isolation.REPEATABLE_READ
        && (writer.view() & shared.capturedWith()) != shared.capturedWith();
  }

  private static String name(int writer) {
    return "T" + (writer + 1);
  }
}
