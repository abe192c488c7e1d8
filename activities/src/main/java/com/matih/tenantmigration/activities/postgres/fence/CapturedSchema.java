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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What no trigger sees: tables and partitions that come and go, columns that are changed, triggers
 * that are switched off. Where it is the same at two times, every change between them was noted.
 *
 * @param members by each table's name
 */
public record CapturedSchema(Map<String, Member> members) {

  private static final String READ =
      """
      SELECT root.name,
             md5(string_agg(
               concat_ws(' ', p.relid::oid,
                 (SELECT string_agg(i.inhparent::text, ',') FROM pg_inherits i
                   WHERE i.inhrelid = p.relid),
                 (SELECT string_agg(
                           concat_ws(':', a.attnum, quote_ident(a.attname), a.atttypid, a.atttypmod,
                                     a.attcollation, a.attnotnull, a.attidentity, a.attgenerated),
                           ',' ORDER BY a.attnum)
                    FROM pg_attribute a
                   WHERE a.attrelid = p.relid AND a.attnum > 0 AND NOT a.attisdropped),
                 (SELECT string_agg(concat_ws(':', t.oid, t.xmin, t.tgenabled), ',' ORDER BY t.oid)
                    FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
                    JOIN pg_namespace n ON n.oid = f.pronamespace
                   WHERE t.tgrelid = p.relid AND n.nspname = ? AND starts_with(f.proname, ?))),
               '|' ORDER BY p.relid::oid)),
             md5(string_agg(c.relfilenode::text, '|' ORDER BY p.relid::oid)),
             md5(string_agg(
               (SELECT string_agg(concat_ws(':', a.attnum, a.xmin), ',' ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = p.relid AND a.attnum > 0),
               '|' ORDER BY p.relid::oid))
        FROM (SELECT name, to_regclass(name)::oid AS oid FROM unnest(?::text[]) AS t(name)) root
       CROSS JOIN LATERAL %s p
        JOIN pg_class c ON c.oid = p.relid
       WHERE p.level = 0 OR c.relispartition
       GROUP BY root.name
      """
          .formatted(PartitionTrees.below("root.oid"));

  /**
   * A table with its partitions.
   *
   * @param shape their own numbers, which change when they are made anew, the definitions of their
   *     columns, and our triggers
   * @param files which files they are stored in
   * @param columns the transactions that wrote their columns' definitions
   */
  record Member(String shape, String files, String columns) {

    /**
     * Whether rows may have changed since then in a way that no trigger sees. {@code ALTER COLUMN
     * TYPE ... USING} can change every value and leave the column's definition as it was, but it
     * writes both the definition and new files. A GRANT or a statistics target writes the
     * definition alone, VACUUM FULL the files alone.
     */
    boolean differs(Member before) {
      return !shape.equals(before.shape)
          || (!files.equals(before.files) && !columns.equals(before.columns));
    }
  }

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
    Map<String, Member> members = new TreeMap<>();
    Sql.forEach(
        source,
        READ,
        row ->
            members.put(
                row.getString(1), new Member(row.getString(2), row.getString(3), row.getString(4))),
        MigrationNames.FENCE_SCHEMA,
        FenceSql.functionPrefix(migrationId),
        Sql.array("text", tables));
    return new CapturedSchema(members);
  }

  /** The tables that came, went or were changed between then and now. */
  Set<String> changedSince(CapturedSchema before) {
    Set<String> changed = new TreeSet<>(members.keySet());
    changed.addAll(before.members.keySet());
    changed.removeIf(
        table -> {
          Member then = before.members.get(table);
          Member now = members.get(table);
          return then != null && now != null && !now.differs(then);
        });
    return changed;
  }
}
