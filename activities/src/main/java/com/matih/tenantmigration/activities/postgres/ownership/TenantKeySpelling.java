package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Refuses a tenant key that a column's type writes differently: a uuid in upper case finds the
 * tenant's rows, but not its records, documents and objects, which hold it as the column writes it.
 */
final class TenantKeySpelling {

  /** Types of which several texts are one value. */
  private static final Set<String> FOLDING =
      Set.of(
          "uuid",
          "int2",
          "int4",
          "int8",
          "numeric",
          "float4",
          "float8",
          "oid",
          "bytea",
          "date",
          "timestamp",
          "timestamptz",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "bool",
          "bpchar");

  private TenantKeySpelling() {}

  /** Looks at the type of a table's tenant column, which can hold the key. */
  static void examine(
      Connection source,
      SourceTable table,
      SourceTable.Column column,
      String tenantKey,
      PlanNotes findings)
      throws SQLException {
    if (!FOLDING.contains(column.typeName())) {
      return;
    }
    String written =
        Sql.one(
            source,
            "SELECT CAST(CAST(?::text AS pg_catalog.%s) AS text)".formatted(column.typeName()),
            row -> row.getString(1),
            tenantKey);
    if (!tenantKey.equals(written)) {
      findings.refuse(
          table.name(),
          ("has the tenant column %s of type %s, in which the tenant key '%s' is written '%s';"
                  + " other stores and text columns compare it as the request writes it")
              .formatted(column.name(), column.type(), tenantKey, written),
          "Write tenantKey: \"%s\".".formatted(written));
    }
  }
}
