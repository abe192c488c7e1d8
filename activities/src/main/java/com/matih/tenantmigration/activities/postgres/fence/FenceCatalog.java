package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.fence.FenceSql.Event;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks up what stands of the fences in a shared database, and keeps their schema. */
final class FenceCatalog {

  /** Held while the schema of the fences is created or dropped; the number means nothing else. */
  private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7264191480183221)";

  private static final String TRIGGERS_OF =
      """
        FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc f ON f.oid = t.tgfoid
        JOIN pg_namespace fn ON fn.oid = f.pronamespace
       WHERE fn.nspname = ? AND starts_with(f.proname, ?)
      """;

  private FenceCatalog() {}

  /**
   * What stands on one table and its partitions.
   *
   * @param ownFunction the function that the table's row triggers call
   * @param members the table with its partitions
   * @param active the fence's triggers that fire always, as {@code table trigger function}
   * @param bodies the functions' texts, the table's own first
   */
  record Standing(
      TableName table,
      TableName ownFunction,
      List<TableName> members,
      List<String> active,
      List<String> bodies) {

    /** What is missing, in words; empty where the table refuses the tenant's writes. */
    List<String> faults(FenceSql sql, TenantPredicate rule) {
      List<String> faults = new ArrayList<>();
      for (TableName member : members) {
        for (Event event : Event.values()) {
          if (!active.contains(member + " " + sql.triggerName(event))) {
            faults.add("%s: the fence does not watch %s".formatted(member, event));
          }
        }
      }
      String own =
          rule.isOfRowAlone()
              ? sql.refusingBody()
              : FenceSql.withoutToken(sql.askingBody(ownFunction, rule, "0".repeat(16)));
      if (!bodies.stream()
          .map(FenceSql::withoutToken)
          .toList()
          .equals(List.of(own, sql.refusingBody()))) {
        faults.add("%s: the fence's function is not the one that refuses".formatted(table));
      }
      return faults;
    }
  }

  static Standing standing(
      Connection source, TableName table, TableName ownFunction, TableName refusingFunction)
      throws SQLException {
    List<TableName> members = withPartitions(source, table);
    List<String> active = new ArrayList<>();
    for (TableName member : members) {
      for (String trigger :
          Sql.texts(
              source,
              "SELECT t.tgname "
                  + TRIGGERS_OF
                  + " AND n.nspname = ? AND c.relname = ? AND t.tgenabled = 'A'",
              MigrationNames.FENCE_SCHEMA,
              refusingFunction.table(),
              member.schema(),
              member.table())) {
        active.add(member + " " + trigger);
      }
    }
    List<String> bodies = new ArrayList<>();
    for (TableName function : List.of(ownFunction, refusingFunction)) {
      bodies.addAll(
          Sql.texts(
              source,
              "SELECT f.prosrc FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
                  + " WHERE n.nspname = ? AND f.proname = ?",
              function.schema(),
              function.table()));
    }
    return new Standing(table, ownFunction, members, active, bodies);
  }

  static long oid(Connection source, TableName table) throws SQLException {
    return Sql.number(source, "SELECT (?::text::regclass)::oid", Identifiers.quote(table));
  }

  /** The table and, where it is partitioned, all its partitions at every level. */
  static List<TableName> withPartitions(Connection source, TableName table) throws SQLException {
    List<TableName> members = new ArrayList<>(List.of(table));
    members.addAll(
        names(
            source,
            "SELECT n.nspname, c.relname FROM pg_partition_tree(?::text::regclass) p JOIN pg_class"
                + " c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                + " p.level > 0 ORDER BY p.level, c.oid",
            Identifiers.quote(table)));
    return members;
  }

  /** The migration's functions; none where no fence was begun. */
  static List<TableName> functions(Connection source, String prefix) throws SQLException {
    return names(
        source,
        "SELECT n.nspname, f.proname FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
            + " WHERE n.nspname = ? AND starts_with(f.proname, ?) ORDER BY f.proname",
        MigrationNames.FENCE_SCHEMA,
        prefix);
  }

  /** The tables that bear triggers of the migration; partitions follow their tables. */
  static List<TableName> tablesWithTriggers(Connection source, String prefix) throws SQLException {
    return names(
        source,
        "SELECT DISTINCT n.nspname, c.relname, c.relispartition "
            + TRIGGERS_OF
            + " AND t.tgparentid = 0 ORDER BY c.relispartition, n.nspname, c.relname",
        MigrationNames.FENCE_SCHEMA,
        prefix);
  }

  /** The migration's triggers of one table, without those that come from its partitioned table. */
  static List<String> triggers(Connection source, TableName table, String prefix)
      throws SQLException {
    return Sql.texts(
        source,
        "SELECT t.tgname "
            + TRIGGERS_OF
            + " AND t.tgparentid = 0 AND n.nspname = ? AND c.relname = ?",
        MigrationNames.FENCE_SCHEMA,
        prefix,
        table.schema(),
        table.table());
  }

  /** Creates the schema where there is none, and in it the function that refuses. */
  static void create(Connection source, String refusingFunction) throws SQLException {
    String ours = Identifiers.quote(MigrationNames.FENCE_SCHEMA);
    // CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where there is one
    change(
        source,
        ONE_AT_A_TIME,
        "DO $$ BEGIN IF to_regnamespace(%s) IS NULL THEN CREATE SCHEMA %s; COMMENT ON SCHEMA %s IS %s;"
                .formatted(
                    SqlLiterals.quote(ours),
                    ours,
                    ours,
                    SqlLiterals.quote("tenant-migration: functions that refuse a tenant's writes"))
            + " END IF; END $$",
        refusingFunction);
  }

  /** Drops the schema unless another migration's fence stands in it. */
  static void dropSchemaIfEmpty(Connection source) throws SQLException {
    String ours = Identifiers.quote(MigrationNames.FENCE_SCHEMA);
    change(
        source,
        ONE_AT_A_TIME,
        "DO $$ BEGIN DROP SCHEMA IF EXISTS %s; EXCEPTION WHEN dependent_objects_still_exist THEN"
                .formatted(ours)
            + " NULL; END $$");
  }

  /**
   * Makes the functions let everything pass, all at once. It locks no table: a transaction that
   * began earlier and holds one may be refused once more, and every later one passes.
   */
  static void letPass(Connection source, List<TableName> functions) throws SQLException {
    if (!functions.isEmpty()) {
      change(
          source, functions.stream().map(FenceSql::createPassingFunction).toArray(String[]::new));
    }
  }

  /** Runs the statements in one transaction. */
  private static void change(Connection source, String... statements) throws SQLException {
    var unused =
        Sql.inTransaction(
            source,
            transaction -> {
              for (String sql : statements) {
                Sql.execute(transaction, sql);
              }
              return statements.length;
            });
  }

  private static List<TableName> names(Connection source, String sql, Object... values)
      throws SQLException {
    return Sql.list(source, sql, row -> new TableName(row.getString(1), row.getString(2)), values);
  }
}
