package com.matih.tenantmigration.embedded.workload;

/** What a transaction of a {@link Workload} does. */
public enum WorkloadKind {
  /** One to three rows in one of the tables; a table that has grown loses rows instead. */
  INSERT(4),
  /** New values in one to three rows, those that are moved out of line included. */
  UPDATE(6),
  /** One row that nothing refers to. */
  DELETE(2),
  /** {@code ON CONFLICT DO UPDATE} and {@code DO NOTHING}. */
  UPSERT(3),
  /** A primary key gets a new value, and another row takes the old one. */
  KEY_CHANGE(2),
  /** Two rows swap a unique value, in one statement or with the constraint deferred. */
  SWAP(2),
  /** An account is deleted; its entries and their notes go with it. */
  CASCADE(1),
  /** An account that others name as their parent is deleted; they lose the reference. */
  SET_NULL(1),
  /** An entry moves to another account, or an account to another parent. */
  REPARENT(2),
  /** A ticket moves to another partition, by list and by range. */
  MOVE_PARTITION(3),
  /**
   * A setting, or an account with its entries and notes, moves to a neighbour, or one moved before
   * comes back. Only in a shared schema, and only on the side on which the workload began.
   */
  MOVE_TENANT(2),
  /** Several changes with pauses between them, half of these in REPEATABLE READ. */
  LONG_TRANSACTION(1),
  /** Changes before, within and after a savepoint that is rolled back. */
  SAVEPOINT(2),
  /** Changes that are rolled back as a whole. */
  ROLLBACK(1),
  /** A child is inserted before its parent; the foreign key is checked at the commit. */
  DEFERRED(2),
  /** {@code PREPARE TRANSACTION}, a pause, and {@code COMMIT PREPARED}. */
  PREPARED(1),
  /** {@code COPY … FROM STDIN} of 10 to 40 rows. */
  BULK_COPY(1),
  /** {@code TRUNCATE} and new rows. Only in a schema of the tenant's own. */
  TRUNCATE(1),
  /** Changes under {@code session_replication_role = replica}, which needs a superuser. */
  REPLICA_ROLE(1),
  /** All sessions count up the same few rows. */
  CONTENDED(3),
  /** A new reference row, and an account that refers to it. */
  REFERENCE(1),
  /** Rows of the table without a primary key. */
  KEYLESS_INSERT(2),
  /** An update or a delete in the table without a primary key. */
  KEYLESS_CHANGE(1);

  private final int weight;

  WorkloadKind(int weight) {
    this.weight = weight;
  }

  /** How often this kind is chosen, compared to the others. */
  int weight() {
    return weight;
  }
}
