package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All that the model knows at a moment. */
record State(SharedSide shared, List<WriterState> writers, DedicatedSide dedicated, Memory memory) {

  static State start(Scenario scenario) {
    List<Version> versions = new ArrayList<>();
    for (Row row : scenario.rows()) {
      versions.add(Version.written(row, SharedSide.INITIAL));
    }
    return new State(
        new SharedSide(versions, List.of(), SharedSide.INITIAL, 0, false, 0),
        Collections.nCopies(scenario.scripts().size(), WriterState.START),
        DedicatedSide.EMPTY,
        Memory.idle(scenario.deaths()));
  }

  State with(SharedSide changed) {
    return new State(changed, writers, dedicated, memory);
  }

  State with(DedicatedSide changed) {
    return new State(shared, writers, changed, memory);
  }

  State with(Memory changed) {
    return new State(shared, writers, dedicated, changed);
  }

  State with(int writer, WriterState changed) {
    List<WriterState> now = new ArrayList<>(writers);
    now.set(writer, changed);
    return new State(shared, now, dedicated, memory);
  }

  /** This state without the row versions that no snapshot in use shows. */
  State vacuum(List<Script> scripts) {
    int seenByAll = shared.committed();
    for (int i = 0; i < writers.size(); i++) {
      if (writers.get(i).open() && scripts.get(i).isolation() == Isolation.REPEATABLE_READ) {
        seenByAll &= writers.get(i).view();
      }
    }
    if (memory.stage() != Memory.Stage.IDLE) {
      seenByAll &= memory.snapshot();
    }
    return with(shared.vacuum(seenByAll));
  }

  /** The committed transactions that every open one has seen since it began. */
  int settled() {
    int settled = shared.committed();
    for (WriterState writer : writers) {
      if (writer.open()) {
        settled &= writer.view();
      }
    }
    return settled;
  }

  boolean ended() {
    return dedicated.drained() && writers.stream().allMatch(WriterState::ended);
  }

  /** What the tenant has in the shared database now. */
  List<Row> tenantRows() {
    return TenantRows.visible(shared.versions(), shared.committed());
  }
}
