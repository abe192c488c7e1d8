package com.matih.tenantmigration.activities.postgres.follow.model;

/** A statement of a writer. Children follow a deleted or changed key (ON … CASCADE). */
sealed interface Write {

  record Insert(Row row) implements Write {
    @Override
    public String toString() {
      return "inserts " + row.id() + " of " + named(row.table(), row.owner());
    }
  }

  record Update(Key key, int value) implements Write {
    @Override
    public String toString() {
      return "updates " + key;
    }
  }

  /** Changes a parent's tenant, or the row that a row of a deeper table references. */
  record Move(Key key, int owner) implements Write {
    @Override
    public String toString() {
      return "moves " + key + " to " + named(key.table(), owner);
    }
  }

  record ChangeKey(Key key, int newKey) implements Write {
    @Override
    public String toString() {
      return "changes the key of " + key + " to " + newKey;
    }
  }

  record Delete(Key key) implements Write {
    @Override
    public String toString() {
      return "deletes " + key;
    }
  }

  private static String named(int table, int owner) {
    if (table > 0) {
      return new Key(table - 1, owner).toString();
    }
    return owner == Row.TENANT ? "the tenant" : "a neighbour";
  }
}
