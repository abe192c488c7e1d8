package com.matih.tenantmigration.activities.postgres.sql;

/** A table's schema and name, unquoted. */
public record TableName(String schema, String table) {

  /** The table of that name in another schema. */
  public TableName in(String otherSchema) {
    return new TableName(otherSchema, table);
  }

  /** For people and reports: {@code schema.table}, not quoted. */
  @Override
  public String toString() {
    return schema + "." + table;
  }
}
