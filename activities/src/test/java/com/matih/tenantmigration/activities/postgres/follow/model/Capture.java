package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The capture trigger: notes the keys of changed rows that are the tenant's, or may be. */
final class Capture {

  private final Set<Fault> faults;

  Capture(Set<Fault> faults) {
    this.faults = faults;
  }

  /**
   * What a statement leaves in the note table.
   *
   * @param blocked whether it waits for another transaction's note instead
   * @param noting whether it wrote to the note table, which is what the fence refuses
   */
  record Result(boolean blocked, boolean noting, List<Note> notes, int nextNote) {}

  /**
   * Notes the changes of a statement.
   *
   * @param oldSnapshot whether the writer's snapshot is older than the capture
   */
  Result note(SharedSide shared, Statement statement, int xid, boolean oldSnapshot) {
    List<Note> notes = new ArrayList<>(shared.notes());
    int next = shared.nextNote();
    boolean noting = false;
    for (Statement.Change change : statement.changes()) {
      if (!concerns(statement, change.before(), oldSnapshot)
          && !concerns(statement, change.after(), oldSnapshot)) {
        continue;
      }
      noting = true;
      for (Key key : keys(change)) {
        Note note = new Note(key, change.move(), xid, numbered() ? next + 1 : 0);
        if (faults.contains(Fault.ONE_NOTE_A_KEY)) {
          int other = transactionOf(notes, key);
          if (other != 0) {
            if ((other & (shared.committed() | xid)) == 0) {
              return new Result(true, true, shared.notes(), shared.nextNote());
            }
            continue;
          }
        }
        // twice in a transaction is the same as once, unless the notes are numbered
        if (!notes.contains(note)) {
          notes.add(note);
          next = note.id();
        }
      }
    }
    return new Result(false, noting, notes, next);
  }

  /** Whether a row is the tenant's as the writer sees it, or may be. */
  private boolean concerns(Statement statement, Row row, boolean oldSnapshot) {
    if (row.table() > 0 && oldSnapshot && !faults.contains(Fault.OLD_SNAPSHOTS_TRUSTED)) {
      return true;
    }
    return switch (TenantRows.owner(
        statement.versions(), statement.view(), row.table(), row.owner())) {
      case TENANT -> true;
      case OTHER -> false;
      case UNSEEN -> !faults.contains(Fault.UNSEEN_PARENTS_NOT_NOTED);
    };
  }

  private boolean numbered() {
    return faults.contains(Fault.NOTES_PAGED_BY_NUMBER)
        || faults.contains(Fault.NOTES_REMOVED_BY_NUMBER);
  }

  private static List<Key> keys(Statement.Change change) {
    Key before = change.before().id();
    Key after = change.after().id();
    return before.equals(after) ? List.of(before) : List.of(before, after);
  }

  private static int transactionOf(List<Note> notes, Key key) {
    for (Note note : notes) {
      if (note.key().equals(key)) {
        return note.xid();
      }
    }
    return 0;
  }
}
