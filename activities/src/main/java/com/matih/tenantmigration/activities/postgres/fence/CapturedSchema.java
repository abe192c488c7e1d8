package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What no trigger sees: tables and partitions that come and go, columns that are changed, triggers
 * that are switched off. Where it is the same at two times, every change between them was noted.
 *
 * @param members by each table's name, the table's and its partitions' own numbers, which change
 *     when they are made anew, the transactions that wrote their columns, and our triggers
 */
public record CapturedSchema(Map<String, String> members) {

  private static final String READ =
      """
      SELECT root.name,
             md5(string_agg(
               concat_ws(' ', p.relid::oid,
                 (SELECT string_agg(i.inhparent::text, ',') FROM pg_inherits i
                   WHERE i.inhrelid = p.relid),
                 (SELECT string_agg(concat_ws(':', a.attnum, a.xmin), ',' ORDER BY a.attnum)
                    FROM pg_attribute a WHERE a.attrelid = p.relid AND a.attnum > 0),
                 (SELECT string_agg(concat_ws(':', t.oid, t.xmin, t.tgenabled), ',' ORDER BY t.oid)
                    FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
                    JOIN pg_namespace n ON n.oid = f.pronamespace
                   WHERE t.tgrelid = p.relid AND n.nspname = ? AND starts_with(f.proname, ?))),
               '|' ORDER BY p.relid::oid))
        FROM (SELECT name, to_regclass(name)::oid AS oid FROM unnest(?::text[]) AS t(name)) root
       CROSS JOIN LATERAL %s p
        JOIN pg_class c ON c.oid = p.relid
       WHERE p.level = 0 OR c.relispartition
       GROUP BY root.name
      """
          .formatted(PartitionTrees.below("root.oid"));

  public CapturedSchema {
    members = new TreeMap<>(members);
  }

  static CapturedSchema read(Connection source, String migrationId, Collection<TableName> tables)
      throws SQLException {
    return readNamed(source, migrationId, tables.stream().map(Identifiers::quote).toList());
  }

  /** The same of tables by their quoted names; one that is no longer there is left out. */
  static CapturedSchema readNamed(Connection source, String migrationId, Collection<String> tables)
      throws SQLException {
    Map<String, String> members = new TreeMap<>();
    Sql.forEach(
        source,
        READ,
        row -> members.put(row.getString(1), row.getString(2)),
        MigrationNames.FENCE_SCHEMA,
        FenceSql.functionPrefix(migrationId),
        Sql.array("text", tables));
    return new CapturedSchema(members);
  }
}
