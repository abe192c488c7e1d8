package com.matih.tenantmigration.embedded.workload;

/** A row that its session had written was not there, or was there more than once. */
final class RowNotFoundException extends Exception {

  private final transient ModelRow row;

  RowNotFoundException(ModelRow row, long found) {
    super("%s was found %d times".formatted(row.rowKey(), found));
    this.row = row;
  }

  ModelRow row() {
    return row;
  }
}
