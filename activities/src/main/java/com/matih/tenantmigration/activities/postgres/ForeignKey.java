package com.matih.tenantmigration.activities.postgres;

import java.util.List;

/**
 * A foreign key of a table.
 *
 * @param columns the referencing columns, in the order of {@code referencedColumns}
 * @param mandatory whether none of its columns may be NULL, so that each row has a parent
 */
record ForeignKey(
    String name,
    TableName table,
    List<String> columns,
    TableName referenced,
    List<String> referencedColumns,
    boolean mandatory) {

  ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }
}
