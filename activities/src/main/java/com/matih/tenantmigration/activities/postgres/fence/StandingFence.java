package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.fence.FenceSql.Event;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What exists of a migration's fence on its tables, read for all of them with a few statements.
 *
 * @param sql the fence as it must be
 * @param tables the tables that were asked for, by name
 * @param triggers by table or partition, the fence's triggers that were created on it
 * @param active those that fire always, also where they come from a partitioned table
 * @param bodies the texts of the fence's functions
 */
record StandingFence(
    FenceSql sql,
    Map<TableName, Table> tables,
    Map<TableName, Set<String>> triggers,
    Map<TableName, Set<String>> active,
    Map<TableName, String> bodies) {

  private static final String MEMBERS =
      """
      SELECT root.name, root.oid, n.nspname, c.relname
        FROM (SELECT name, nr, name::regclass::oid AS oid
                FROM unnest(?::text[]) WITH ORDINALITY AS t(name, nr)) root
       CROSS JOIN LATERAL %s p
        JOIN pg_class c ON c.oid = p.relid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE p.level = 0 OR c.relispartition
       ORDER BY root.nr, p.level, c.oid
      """
          .formatted(PartitionTrees.below("root.oid"));

  private static final String TRIGGERS =
      """
      SELECT n.nspname, c.relname, t.tgname, t.tgenabled = 'A' AS active, t.tgparentid = 0 AS own
        FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc f ON f.oid = t.tgfoid
        JOIN pg_namespace fn ON fn.oid = f.pronamespace
       WHERE fn.nspname = ? AND starts_with(f.proname, ?)
      """;

  private static final String BODIES =
      "SELECT f.proname, f.prosrc FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
          + " WHERE n.nspname = ? AND starts_with(f.proname, ?)";

  /**
   * A table of the fence.
   *
   * @param members the table itself, and where it is partitioned its partitions at every level
   */
  record Table(TableName name, long oid, List<TableName> members) {}

  /**
   * Reads.
   *
   * @param source in autocommit mode
   */
  static StandingFence read(Connection source, FenceSql sql, Collection<TableName> names)
      throws SQLException {
    Map<String, TableName> quoted = new LinkedHashMap<>();
    names.forEach(name -> quoted.put(Identifiers.quote(name), name));
    Map<TableName, Table> tables = new LinkedHashMap<>();
    Sql.forEach(
        source,
        MEMBERS,
        row -> {
          TableName name = Objects.requireNonNull(quoted.get(row.getString("name")));
          long oid = row.getLong("oid");
          tables
              .computeIfAbsent(name, table -> new Table(table, oid, new ArrayList<>()))
              .members()
              .add(new TableName(row.getString("nspname"), row.getString("relname")));
        },
        Sql.array("text", quoted.keySet()));
    Map<TableName, Set<String>> triggers = new HashMap<>();
    Map<TableName, Set<String>> active = new HashMap<>();
    String prefix = FenceSql.functionPrefix(sql.migrationId());
    Sql.forEach(
        source,
        TRIGGERS,
        row -> {
          TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
          if (row.getBoolean("own")) {
            triggers.computeIfAbsent(table, t -> new HashSet<>()).add(row.getString("tgname"));
          }
          if (row.getBoolean("active")) {
            active.computeIfAbsent(table, t -> new HashSet<>()).add(row.getString("tgname"));
          }
        },
        MigrationNames.FENCE_SCHEMA,
        prefix);
    Map<TableName, String> bodies = new HashMap<>();
    Sql.forEach(
        source,
        BODIES,
        row ->
            bodies.put(
                new TableName(MigrationNames.FENCE_SCHEMA, row.getString(1)), row.getString(2)),
        MigrationNames.FENCE_SCHEMA,
        prefix);
    return new StandingFence(sql, tables, triggers, active, bodies);
  }

  /** The table, which was asked for. */
  Table table(TableName name) {
    return Objects.requireNonNull(tables.get(name), () -> "not read: " + name);
  }

  /** The function that the table's row triggers call. */
  TableName functionOf(TableName name, TenantPredicate rule) {
    return sql.functionOf(table(name).oid(), rule);
  }

  /** Which events no trigger watches on which member of the table, in words. */
  List<String> unwatched(TableName name) {
    List<String> faults = new ArrayList<>();
    for (TableName member : table(name).members()) {
      for (Event event : Event.values()) {
        if (!active.getOrDefault(member, Set.of()).contains(sql.triggerName(event))) {
          faults.add("%s: the fence does not watch %s".formatted(member, event));
        }
      }
    }
    return faults;
  }

  /** What is missing, in words; empty where the table refuses the tenant's writes. */
  List<String> faults(TableName name, TenantPredicate rule) {
    List<String> faults = unwatched(name);
    TableName function = functionOf(name, rule);
    String own =
        rule.isOfRowAlone()
            ? sql.refusingBody()
            : FenceSql.withoutToken(sql.askingBody(function, rule, "0".repeat(16)));
    if (!own.equals(body(function)) || !sql.refusingBody().equals(body(sql.refusingFunction()))) {
      faults.add("%s: the fence's function is not the one that refuses".formatted(name));
    }
    return faults;
  }

  private String body(TableName function) {
    return FenceSql.withoutToken(bodies.getOrDefault(function, ""));
  }

  /** The statements that give a table the refusing triggers that it lacks, and have all fire. */
  List<String> raising(TableName name, TenantPredicate rule) {
    return raising(name, rule, functionOf(name, rule), sql.refusingFunction());
  }

  /** The same for triggers that call other functions. */
  List<String> raising(
      TableName name, TenantPredicate rule, TableName ofRows, TableName ofTruncate) {
    List<String> statements = new ArrayList<>();
    List<TableName> members = table(name).members();
    for (Event event : Event.values()) {
      // row triggers come to the partitions by themselves, statement triggers do not
      List<TableName> owners = event == Event.TRUNCATE ? members : List.of(name);
      for (TableName owner : owners) {
        if (!triggers.getOrDefault(owner, Set.of()).contains(sql.triggerName(event))) {
          TableName function = event == Event.TRUNCATE ? ofTruncate : ofRows;
          statements.add(sql.createTrigger(event, owner, function, rule));
        }
      }
    }
    members.forEach(member -> statements.add(sql.enableTriggers(member)));
    return statements;
  }
}
