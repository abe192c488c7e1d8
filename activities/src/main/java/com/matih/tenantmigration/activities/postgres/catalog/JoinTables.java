package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells foreign keys of tables that join tenants with something, such as memberships with users,
 * from those that merely reference something: the tenant column and the key are unique together.
 */
public final class JoinTables {

  private static final String IS_UNIQUE =
      """
      SELECT EXISTS (
        SELECT 1 FROM pg_index i
         WHERE i.indrelid = ?::bigint::oid AND i.indisunique AND i.indpred IS NULL
           AND (SELECT array_agg(a.attname::text) FROM pg_attribute a
                 WHERE a.attrelid = i.indrelid
                   AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) @> ?)
      """;

  private final Connection source;
  private final SourceSchema schema;
  private final Ownership ownership;

  public JoinTables(Connection source, SourceSchema schema, Ownership ownership) {
    this.source = source;
    this.schema = schema;
    this.ownership = ownership;
  }

  /** Whether the key is one of a table that joins tenants with the referenced table. */
  public boolean joins(ForeignKey key) throws SQLException {
    SourceTable table = schema.tables().get(key.table().table());
    Optional<String> column = Optional.ofNullable(table).flatMap(ownership::columnOf);
    if (table == null || column.isEmpty() || key.columns().contains(column.get())) {
      return false;
    }
    List<String> together = new ArrayList<>(key.columns());
    together.add(column.get());
    return Sql.isTrue(source, IS_UNIQUE, table.oid(), Sql.array("text", together));
  }
}
