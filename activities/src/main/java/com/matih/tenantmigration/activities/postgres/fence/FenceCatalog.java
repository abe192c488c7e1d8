package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks up what stands of the fences in a shared database, and keeps their schema. */
final class FenceCatalog {

  /** Held while the schema of the fences is created or dropped; the number means nothing else. */
  private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7264191480183221)";

  private static final String TRIGGERS =
      """
      SELECT n.nspname, c.relname, t.tgname, %s AS has_children
        FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc f ON f.oid = t.tgfoid
        JOIN pg_namespace fn ON fn.oid = f.pronamespace
       WHERE fn.nspname = ? AND starts_with(f.proname, ?) AND t.tgparentid = 0
       ORDER BY c.relispartition, n.nspname, c.relname, t.tgname
      """
          .formatted(TableRows.hasChildren("c.oid"));

  private FenceCatalog() {}

  /** The migration's functions; none where no fence was begun. */
  static List<TableName> functions(Connection source, String prefix) throws SQLException {
    return names(
        source,
        "SELECT n.nspname, f.proname FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
            + " WHERE n.nspname = ? AND starts_with(f.proname, ?) ORDER BY f.proname",
        MigrationNames.FENCE_SCHEMA,
        prefix);
  }

  /**
   * The migration's tables of notes and what it keeps beside them; none where nothing is captured.
   */
  static List<Relation> relations(Connection source, String prefix) throws SQLException {
    return Sql.list(
        source,
        "SELECT n.nspname, c.relname, c.relkind = 'S' FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND starts_with(c.relname, ?) AND c.relkind IN ('r', 'S')"
            + " ORDER BY c.relname",
        row -> new Relation(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3)),
        MigrationNames.FENCE_SCHEMA,
        prefix);
  }

  /** A table or a sequence. */
  record Relation(TableName name, boolean isSequence) {

    String drop() {
      return "DROP %s IF EXISTS %s"
          .formatted(isSequence ? "SEQUENCE" : "TABLE", Identifiers.quote(name));
    }
  }

  /**
   * The tables that bear triggers of the migration, partitions after their tables, and the names of
   * these triggers without those that come from a partitioned table.
   */
  static Map<TableRows, List<String>> triggers(Connection source, String prefix)
      throws SQLException {
    Map<TableRows, List<String>> triggers = new LinkedHashMap<>();
    Sql.forEach(
        source,
        TRIGGERS,
        row ->
            triggers
                .computeIfAbsent(
                    new TableRows(
                        new TableName(row.getString("nspname"), row.getString("relname")),
                        row.getBoolean("has_children")),
                    table -> new ArrayList<>())
                .add(row.getString("tgname")),
        MigrationNames.FENCE_SCHEMA,
        prefix);
    return triggers;
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
