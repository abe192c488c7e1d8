package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a round writes to the dedicated side, in one transaction. */
final class Round {

  private final Set<Fault> faults;

  Round(Set<Fault> faults) {
    this.faults = faults;
  }

  /**
   * The dedicated side after a round.
   *
   * @param rowsAt the snapshot that rows are read at, which is S in the true protocol
   * @param correction whether this round puts the base copy right
   */
  DedicatedSide carryOver(
      DedicatedSide before,
      List<Version> versions,
      Memory memory,
      int rowsAt,
      boolean correction,
      boolean last) {
    Set<Key> noted = new TreeSet<>();
    memory.read().forEach(note -> noted.add(note.key()));
    List<Row> tenantRows = TenantRows.visible(versions, rowsAt);
    Map<Key, Integer> moved = moved(before, memory.read(), tenantRows);

    Set<Key> carried = new TreeSet<>(moved.keySet());
    reach(carried, versions, rowsAt, before.rows());
    carried.addAll(noted);

    List<Row> rows = new ArrayList<>(before.rows());
    rows.removeIf(row -> carried.contains(row.id()));
    tenantRows.stream().filter(row -> carried.contains(row.id())).forEach(rows::add);
    if (correction && !faults.contains(Fault.ORPHANS_KEPT)) {
      removeOrphans(rows);
    }
    rows.sort(Row.ORDER);
    return new DedicatedSide(
        rows,
        kept(before, moved, memory),
        before.ranges(),
        true,
        before.keysBuilt(),
        before.rounds() + (correction ? 0 : 1),
        last,
        memory.read().stream().mapToInt(Note::id).reduce(before.lastNote(), Math::max));
  }

  /** The rows that moved, those still listed included, with the transactions that moved them. */
  private Map<Key, Integer> moved(DedicatedSide before, List<Note> read, List<Row> tenantRows) {
    Map<Key, Integer> moved = new TreeMap<>();
    before.listed().forEach(listed -> moved.put(listed.key(), listed.movers()));
    for (Note note : read) {
      boolean byState = faults.contains(Fault.MOVES_FOUND_BY_STATE);
      boolean differs = !owners(before.rows(), note.key()).equals(owners(tenantRows, note.key()));
      if (note.moved()
          && !faults.contains(Fault.MOVED_CHILDREN_FORGOTTEN)
          && (differs || !byState)) {
        moved.merge(note.key(), note.xid(), (one, other) -> one | other);
      }
    }
    return moved;
  }

  /**
   * The rows whose children the next round carries over again: while a transaction is open that
   * began before the move committed, it may have written a child that it did not note.
   */
  private List<Listed> kept(DedicatedSide before, Map<Key, Integer> moved, Memory memory) {
    List<Listed> kept = new ArrayList<>();
    moved.forEach(
        (key, movers) -> {
          if ((movers & ~memory.settled()) != 0
              && !faults.contains(Fault.MOVED_PARENTS_NOT_KEPT)
              && (!faults.contains(Fault.ONLY_OWNER_CHANGES_KEPT)
                  || changedOwner(before, memory.read(), key))) {
            kept.add(new Listed(key, movers));
          }
        });
    return kept;
  }

  private static boolean changedOwner(DedicatedSide before, List<Note> read, Key key) {
    return before.listed().stream().anyMatch(listed -> listed.key().equals(key))
        || read.stream().anyMatch(note -> note.key().equals(key) && note.move() == Note.Move.OWNER);
  }

  /** Adds all that is below a reached row, on either side. */
  private static void reach(
      Set<Key> reached, List<Version> versions, int view, List<Row> dedicated) {
    for (int table = 1; table < Row.TABLES; table++) {
      for (Version version : versions) {
        if (version.visible(view)) {
          reach(reached, table, version.row());
        }
      }
      for (Row row : dedicated) {
        reach(reached, table, row);
      }
    }
  }

  private static void reach(Set<Key> reached, int table, Row row) {
    if (row.table() == table && reached.contains(row.reference())) {
      reached.add(row.id());
    }
  }

  /** Removes rows that lost the row that they reference while they were copied. */
  private static void removeOrphans(List<Row> rows) {
    for (int table = 1; table < Row.TABLES; table++) {
      int level = table;
      Set<Key> there = new TreeSet<>();
      rows.forEach(row -> there.add(row.id()));
      rows.removeIf(row -> row.table() == level && !there.contains(row.reference()));
    }
  }

  private static List<Integer> owners(List<Row> rows, Key key) {
    return rows.stream().filter(row -> row.id().equals(key)).map(Row::owner).toList();
  }
}
