package com.matih.tenantmigration.activities.postgres.follow.model;

/** The identity of a row: its table and its primary key. */
record Key(int table, int key) implements Comparable<Key> {

  @Override
  public int compareTo(Key other) {
    return table == other.table
        ? Integer.compare(key, other.key)
        : Integer.compare(table, other.table);
  }

  @Override
  public String toString() {
    return Row.NAMES.get(table) + " " + key;
  }
}
