package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * How far a writer is.
 *
 * @param step the next of its writes
 * @param half whether the first of the two acts of that write is done
 * @param fenceSeen what its trigger read of the fence, where that is the first act
 * @param view the transactions that were committed when it began; for REPEATABLE READ its snapshot
 * @param noted whether it holds a lock on the note table
 */
record WriterState(
    Status status, int step, boolean half, boolean fenceSeen, int view, boolean noted) {

  enum Status {
    NOT_BEGUN,
    OPEN,
    COMMITTED,
    ROLLED_BACK
  }

  static final WriterState START = new WriterState(Status.NOT_BEGUN, 0, false, false, 0, false);

  boolean open() {
    return status == Status.OPEN;
  }

  boolean ended() {
    return status == Status.COMMITTED || status == Status.ROLLED_BACK;
  }

  boolean hasWritten() {
    return open() && (step > 0 || half);
  }

  WriterState begun(int committed) {
    return new WriterState(Status.OPEN, step, half, fenceSeen, committed, noted);
  }

  WriterState afterReadingFence(boolean fenced) {
    return new WriterState(status, step, true, fenced, view, noted);
  }

  WriterState afterNoting() {
    return new WriterState(status, step, true, false, view, true);
  }

  WriterState afterWrite(boolean holdsLock) {
    return new WriterState(status, step + 1, false, false, view, holdsLock);
  }

  WriterState end(Status how) {
    return new WriterState(how, 0, false, false, 0, false);
  }
}
