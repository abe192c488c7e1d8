package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One statement of a transaction on the versions of the shared database, as PostgreSQL runs it: a
 * row that another transaction changed makes it wait, and under REPEATABLE READ fail if that one
 * committed.
 */
final class Statement {

  enum Outcome {
    DONE,
    BLOCKED,
    FAILED
  }

  /**
   * A changed row as the trigger sees it.
   *
   * @param before OLD; for an insert the new row
   * @param after NEW; for a delete the old row
   */
  record Change(Row before, Row after, Note.Move move) {}

  private final List<Version> versions;
  private final List<Change> changes = new ArrayList<>();
  private final int own;
  private final int settled;
  private final int view;

  private int current;
  private boolean locked;
  private boolean stale;
  private boolean pendingInsert;

  /**
   * A statement.
   *
   * @param own the transaction
   * @param committed the committed transactions
   * @param view the committed transactions that the statement sees
   */
  Statement(List<Version> versions, int own, int committed, int view) {
    this.versions = new ArrayList<>(versions);
    this.own = own;
    this.settled = committed | own;
    this.view = view | own;
  }

  List<Version> versions() {
    return versions;
  }

  List<Change> changes() {
    return changes;
  }

  /** What the transaction sees, its own writes included. */
  int view() {
    return view;
  }

  Outcome run(Write write) {
    if (write instanceof Write.Insert insert) {
      return insert(insert.row());
    } else if (write instanceof Write.Delete delete) {
      return delete(delete.key());
    } else if (write instanceof Write.Update update) {
      return replace(
          update.key(), row -> new Row(row.table(), row.key(), row.owner(), update.value()));
    } else if (write instanceof Write.Move move) {
      return replace(move.key(), row -> new Row(row.table(), row.key(), move.owner(), row.value()));
    } else if (write instanceof Write.ChangeKey change) {
      return changeKey(change.key(), change.newKey());
    }
    throw new IllegalArgumentException("Unknown write " + write);
  }

  private Outcome insert(Row row) {
    Outcome free = free(row.id());
    if (free == Outcome.DONE) {
      versions.add(Version.written(row, own));
      changes.add(new Change(row, row, Note.Move.KEY));
    }
    return free;
  }

  private Outcome free(Key key) {
    look(key);
    if (locked || pendingInsert) {
      return Outcome.BLOCKED;
    }
    return current >= 0 ? Outcome.FAILED : Outcome.DONE;
  }

  private Outcome delete(Key key) {
    look(key);
    if (locked || stale || current < 0 || hidden()) {
      return locked ? Outcome.BLOCKED : stale ? Outcome.FAILED : Outcome.DONE;
    }
    Row row = versions.get(current).row();
    end(current);
    changes.add(new Change(row, row, Note.Move.KEY));
    return forChildren(key, this::delete);
  }

  private Outcome changeKey(Key key, int newKey) {
    Outcome free = free(new Key(key.table(), newKey));
    if (free != Outcome.DONE) {
      return free;
    }
    int before = changes.size();
    Outcome replaced = replace(key, row -> new Row(row.table(), newKey, row.owner(), row.value()));
    if (replaced != Outcome.DONE || changes.size() == before) {
      return replaced;
    }
    return forChildren(
        key, child -> replace(child, row -> new Row(row.table(), row.key(), newKey, row.value())));
  }

  private Outcome replace(Key key, UnaryOperator<Row> change) {
    look(key);
    if (locked || stale || current < 0 || hidden()) {
      return locked ? Outcome.BLOCKED : stale ? Outcome.FAILED : Outcome.DONE;
    }
    Version old = versions.get(current);
    Row before = old.row();
    Row after = change.apply(before);
    end(current);
    versions.add(old.replacedBy(after, own));
    changes.add(new Change(before, after, move(before, after)));
    return Outcome.DONE;
  }

  private static Note.Move move(Row before, Row after) {
    if (before.owner() != after.owner()) {
      return Note.Move.OWNER;
    }
    return before.key() == after.key() ? Note.Move.NONE : Note.Move.KEY;
  }

  /** Cascades to the committed or own children, of which the snapshot must know all. */
  private Outcome forChildren(Key parent, Function<Key, Outcome> act) {
    List<Key> children = new ArrayList<>();
    for (Version version : versions) {
      if (version.row().references(parent.table(), parent.key()) && isSettled(version.xmin())) {
        if (version.xmax() != 0 && !isSettled(version.xmax())) {
          return Outcome.BLOCKED;
        }
        if (version.xmax() == 0) {
          if (!version.visible(view)) {
            return Outcome.FAILED;
          }
          children.add(version.row().id());
        }
      }
    }
    for (Key child : children) {
      Outcome outcome = act.apply(child);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
    return Outcome.DONE;
  }

  /** What a transaction needs for its commit: foreign keys are checked then, as if deferred. */
  Outcome keysHold() {
    for (Version version : versions) {
      Outcome outcome = Outcome.DONE;
      if (version.xmin() == own && version.xmax() == 0 && version.row().table() > 0) {
        outcome = exists(version.row().reference());
      } else if (version.xmax() == own && exists(version.row().id()) != Outcome.DONE) {
        outcome = noChild(version.row());
      }
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
    return Outcome.DONE;
  }

  private Outcome exists(Key key) {
    look(key);
    if (current >= 0) {
      return Outcome.DONE;
    }
    return locked ? Outcome.BLOCKED : Outcome.FAILED;
  }

  private Outcome noChild(Row parent) {
    for (Version version : versions) {
      if (version.row().references(parent.table(), parent.key()) && isSettled(version.xmin())) {
        if (version.xmax() == 0) {
          return Outcome.FAILED;
        }
        if (!isSettled(version.xmax())) {
          return Outcome.BLOCKED;
        }
      }
    }
    return Outcome.DONE;
  }

  private void look(Key key) {
    current = -1;
    locked = false;
    stale = false;
    pendingInsert = false;
    for (int i = 0; i < versions.size(); i++) {
      Version version = versions.get(i);
      if (version.row().table() != key.table() || version.row().key() != key.key()) {
        continue;
      }
      if (!isSettled(version.xmin())) {
        pendingInsert = true;
      } else if (version.xmax() == 0) {
        current = i;
      } else if (!isSettled(version.xmax())) {
        locked = true;
      } else if (version.visible(view)) {
        stale = true;
      }
    }
  }

  private boolean hidden() {
    return !versions.get(current).visible(view);
  }

  private boolean isSettled(int xid) {
    return (xid & settled) != 0;
  }

  /** Ends a version; one that this transaction wrote itself nobody else can see, so it goes. */
  private void end(int index) {
    Version version = versions.get(index);
    if (version.xmin() == own) {
      versions.remove(index);
    } else {
      versions.set(index, version.endedBy(own));
    }
  }
}
