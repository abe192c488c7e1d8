package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;

/** Whose a row is, as a view sees it: that of its parent, and of that parent's parent. */
final class TenantRows {

  enum Ownership {
    TENANT,
    OTHER,
    /** The row references one that the view does not show. */
    UNSEEN
  }

  private TenantRows() {}

  /** The tenant's rows that a view shows, in order. */
  static List<Row> visible(List<Version> versions, int view) {
    List<Row> rows = new ArrayList<>();
    for (Version version : versions) {
      Row row = version.row();
      if (version.visible(view)
          && owner(versions, view, row.table(), row.owner()) == Ownership.TENANT) {
        rows.add(row);
      }
    }
    rows.sort(Row.ORDER);
    return rows;
  }

  /** Whose a row of this table with this owner is. */
  static Ownership owner(List<Version> versions, int view, int table, int owner) {
    if (table == 0) {
      return owner == Row.TENANT ? Ownership.TENANT : Ownership.OTHER;
    }
    Ownership found = Ownership.UNSEEN;
    for (Version version : versions) {
      Row row = version.row();
      if (row.table() == table - 1 && row.key() == owner && version.visible(view)) {
        found = owner(versions, view, row.table(), row.owner());
        if (found == Ownership.TENANT) {
          return found;
        }
      }
    }
    return found;
  }
}
