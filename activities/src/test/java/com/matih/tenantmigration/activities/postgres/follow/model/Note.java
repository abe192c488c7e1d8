package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * What a capture trigger notes.
 *
 * @param move whether rows that reference this one may have changed their tenant without a note
 * @param xid the writer's transaction
 * @param id the order of insertion; 0 where the protocol does not look at it, so that states that
 *     differ in nothing else are one
 */
record Note(Key key, Move move, int xid, int id) {

  /** What happened to a row besides its values. */
  enum Move {
    /** It has the key and the owner that it had. */
    NONE,
    /** It was inserted or deleted, or has another key. */
    KEY,
    /** It has another tenant, or references another row. */
    OWNER
  }

  /** Whether other rows may belong to another tenant because of it. */
  boolean moved() {
    return move != Move.NONE && key.table() < Row.TABLES - 1;
  }
}
