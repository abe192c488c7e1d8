package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The shared database.
 *
 * @param committed the committed transactions; {@link #INITIAL} is the one that wrote what was
 *     there from the start
 * @param capturedWith what was committed when the capture was installed, 0 before that
 * @param fenced the value that triggers read, which no snapshot hides
 * @param nextNote the next number of a note
 */
record SharedSide(
    List<Version> versions,
    List<Note> notes,
    int committed,
    int capturedWith,
    boolean fenced,
    int nextNote) {

  static final int INITIAL = 1;

  /** The transaction of a writer, as a bit. */
  static int xid(int writer) {
    return INITIAL << (writer + 1);
  }

  boolean captured() {
    return capturedWith != 0;
  }

  SharedSide capture() {
    return new SharedSide(versions, notes, committed, committed, fenced, nextNote);
  }

  SharedSide raiseFence() {
    return new SharedSide(versions, notes, committed, capturedWith, true, nextNote);
  }

  SharedSide withNotes(List<Note> changed) {
    return new SharedSide(versions, changed, committed, capturedWith, fenced, nextNote);
  }

  SharedSide written(List<Version> nowVersions, List<Note> nowNotes, int nowNextNote) {
    return new SharedSide(nowVersions, nowNotes, committed, capturedWith, fenced, nowNextNote);
  }

  SharedSide commit(int xid) {
    return new SharedSide(versions, notes, committed | xid, capturedWith, fenced, nextNote);
  }

  SharedSide rollBack(int xid) {
    List<Version> left = new ArrayList<>(versions.size());
    for (Version version : versions) {
      if (version.xmin() != xid) {
        left.add(version.xmax() == xid ? version.endedBy(0) : version);
      }
    }
    List<Note> leftNotes = new ArrayList<>(notes);
    leftNotes.removeIf(note -> note.xid() == xid);
    return new SharedSide(left, leftNotes, committed, capturedWith, fenced, nextNote);
  }

  /** Removes the versions that nobody sees any more, so that equal states look equal. */
  SharedSide vacuum(int seenByAll) {
    List<Version> left = new ArrayList<>(versions);
    return left.removeIf(version -> (version.xmax() & seenByAll) != 0)
        ? new SharedSide(left, notes, committed, capturedWith, fenced, nextNote)
        : this;
  }
}
