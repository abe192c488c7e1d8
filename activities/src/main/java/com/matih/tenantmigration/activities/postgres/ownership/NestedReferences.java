package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Refuses columns of which only a part refers to objects of this database by number: the attribute
 * of a composite type, such as a table's row, or a range's bound.
 */
final class NestedReferences {

  private static final String FIND =
      """
      WITH RECURSIVE part(relation, attnum, type, nested) AS (
        SELECT a.attrelid, a.attnum, a.atttypid, false
          FROM pg_attribute a
         WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attgenerated = ''
        UNION
        SELECT part.relation, part.attnum, inner_part.type, part.nested OR inner_part.nested
          FROM part
          JOIN pg_type t ON t.oid = part.type
         CROSS JOIN LATERAL (
               SELECT t.typelem, false WHERE t.typelem <> 0 AND t.typlen = -1
                UNION ALL
               SELECT t.typbasetype, false WHERE t.typbasetype <> 0
                UNION ALL
               SELECT a.atttypid, true FROM pg_attribute a
                WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
                  AND NOT a.attisdropped
                UNION ALL
               SELECT r.rngsubtype, true FROM pg_range r WHERE r.rngtypid = t.oid)
               inner_part(type, nested))
      SELECT part.relation::bigint, a.attname, format_type(a.atttypid, a.atttypmod),
             min(t.typname::text)
        FROM part
        JOIN pg_type t ON t.oid = part.type AND t.typnamespace = 'pg_catalog'::regnamespace
        JOIN pg_attribute a ON a.attrelid = part.relation AND a.attnum = part.attnum
       WHERE part.nested AND t.typname = ANY (?)
       GROUP BY part.relation, a.attname, a.atttypid, a.atttypmod
       ORDER BY part.relation, a.attname COLLATE "C"
      """;

  private NestedReferences() {}

  /**
   * Refuses such columns of the moving tables.
   *
   * @param types whose values are such numbers
   */
  static void examine(Connection source, TenantTables tables, Set<String> types, PlanNotes findings)
      throws SQLException {
    Map<Long, TableName> names = new HashMap<>();
    for (TenantTable table : tables.tables()) {
      names.put(tables.described(table).oid(), table.name());
    }
    Sql.forEach(
        source,
        FIND,
        row ->
            findings.refuse(
                names.get(row.getLong(1)),
                "has the column %s of type %s, in which a %s refers to objects of this database by number"
                    .formatted(row.getString(2), row.getString(3), row.getString(4)),
                TableMovability.STORE_NAMES),
        Sql.array("int8", names.keySet()),
        Sql.array("name", types));
  }
}
