package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.Comparator;
import java.util.List;

/**
 * A row of one of three tables, each of which references the one before it.
 *
 * @param table 0 for parents, which have the tenant column; 1 for children, 2 for grandchildren
 * @param owner of a parent its tenant, of another row the key of the row that it references
 * @param value what an update changes
 */
record Row(int table, int key, int owner, int value) {

  static final List<String> NAMES = List.of("parent", "child", "grandchild");
  static final int TABLES = NAMES.size();

  static final int TENANT = 1;
  static final int NEIGHBOUR = 2;

  static final Comparator<Row> ORDER =
      Comparator.comparingInt(Row::table)
          .thenComparingInt(Row::key)
          .thenComparingInt(Row::owner)
          .thenComparingInt(Row::value);

  static Row parent(int key, int tenant) {
    return new Row(0, key, tenant, 0);
  }

  static Row child(int key, int parent) {
    return new Row(1, key, parent, 0);
  }

  static Row grandchild(int key, int child) {
    return new Row(2, key, child, 0);
  }

  Key id() {
    return new Key(table, key);
  }

  /** The row that this one references; only rows of table 1 and above reference one. */
  Key reference() {
    return new Key(table - 1, owner);
  }

  boolean references(int ownerTable, int ownerKey) {
    return table == ownerTable + 1 && owner == ownerKey;
  }
}
