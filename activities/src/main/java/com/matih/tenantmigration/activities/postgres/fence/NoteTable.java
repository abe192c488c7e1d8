package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where changes of one table are noted while they are followed.
 *
 * @param name of the table of notes, in the fence's schema of the shared database
 * @param function that notes, as the table's triggers call it
 * @param table whose changes they are
 * @param oid the table's
 * @param isKeyed whether a row is found again by its key, which is checked with each statement;
 *     else a change of any row means that the table is copied again
 * @param isCaptured whether changes are noted at all; else the request, or what it says of a table
 *     to whose rows the table's rows belong, has the table copied under the fence
 * @param tellsChanges whether the notes tell of each change; else what other tables hold decides
 *     too which rows are the tenant's, and the table is copied again without a note: a row that
 *     comes to the tenant or leaves it together with its parent is not written itself
 * @param columns what is noted of a row: its key first, then what other tables' keys reference;
 *     empty where it is not keyed
 * @param ways by which the table's rows belong to rows of other tables; empty where it is not keyed
 * @param owners the tables to whose rows the table's rows belong
 * @param hasScopedChildren whether rows of other tables belong to the tenant because of this one's
 */
public record NoteTable(
    TableName name,
    TableName function,
    TenantTable table,
    long oid,
    boolean isKeyed,
    boolean isCaptured,
    boolean tellsChanges,
    List<String> columns,
    List<Way> ways,
    List<TableName> owners,
    boolean hasScopedChildren) {

  /** The column, quoted, that says what was noted; no table of a platform has one of that name. */
  public static final String KIND = "\"~kind\"";

  /** The column, quoted, with the transaction that wrote. */
  public static final String XID = "\"~xid\"";

  /** A row was written. */
  public static final String ROW = "r";

  /** A row came to the tenant, left it, or has another key: so did what hangs on it. */
  public static final String MOVED = "m";

  /** Any row may have been written. */
  public static final String WHOLE = "w";

  public NoteTable {
    columns = List.copyOf(columns);
    ways = List.copyOf(ways);
    owners = List.copyOf(owners);
  }

  /** The notes of all moving tables, each after those that its rows hang on. */
  public static List<NoteTable> of(Connection source, String migrationId, TenantTables tables)
      throws SQLException {
    List<TenantTable> moving = tables.requireMovable();
    Map<TableName, Long> oids = oids(source, moving);
    Set<Long> deferrable = withDeferrableKeys(source, oids.values());
    Map<TableName, Set<String>> referenced = new HashMap<>();
    Map<TableName, List<Way>> ways = new HashMap<>();
    for (TenantTable table : moving) {
      List<Way> ofTable = ways(tables.moving(table.name()));
      ways.put(table.name(), ofTable);
      for (Way way : ofTable) {
        referenced
            .computeIfAbsent(way.key().referenced(), name -> new LinkedHashSet<>())
            .addAll(way.key().referencedColumns());
      }
    }
    List<TenantTable> parentsFirst = new ArrayList<>(moving);
    parentsFirst.sort(Comparator.comparingInt(table -> tables.moving(table.name()).depth()));
    Map<TableName, Boolean> keyed = new HashMap<>();
    Set<TableName> notCaptured = new HashSet<>();
    List<NoteTable> notes = new ArrayList<>();
    for (TenantTable table : parentsFirst) {
      List<Way> ofTable = Objects.requireNonNull(ways.get(table.name()));
      List<TableName> owners =
          ofTable.stream().map(way -> way.key().referenced()).distinct().toList();
      boolean isCaptured =
          !tables.isCopiedUnderFence(table.name())
              && owners.stream().noneMatch(notCaptured::contains);
      if (!isCaptured) {
        notCaptured.add(table.name());
      }
      Set<String> columns = new LinkedHashSet<>(table.primaryKey());
      columns.addAll(referenced.getOrDefault(table.name(), Set.of()));
      boolean isKeyed =
          isCaptured
              && !table.primaryKey().isEmpty()
              && !deferrable.contains(oids.get(table.name()))
              && Collections.disjoint(columns, table.generatedColumns())
              && isFollowable(tables.moving(table.name()))
              && owners.stream().allMatch(owner -> keyed.getOrDefault(owner, false));
      keyed.put(table.name(), isKeyed);
      long oid = Objects.requireNonNull(oids.get(table.name()));
      String prefix = FenceSql.functionPrefix(migrationId);
      notes.add(
          new NoteTable(
              new TableName(MigrationNames.FENCE_SCHEMA, prefix + "_note_" + oid),
              new TableName(MigrationNames.FENCE_SCHEMA, prefix + "_" + oid),
              table,
              oid,
              isKeyed,
              isCaptured,
              isCaptured
                  && isFollowable(tables.moving(table.name()))
                  && (isKeyed || owners.isEmpty()),
              isKeyed ? List.copyOf(columns) : List.of(),
              isKeyed ? ofTable : List.of(),
              owners,
              referenced.containsKey(table.name())));
    }
    return notes;
  }

  private static List<Way> ways(TenantPredicate rule) {
    return rule instanceof ByForeignKey byKey ? byKey.ways() : List.of();
  }

  /** Whether a row's own columns, or its parents', tell whose it is, and nothing else. */
  private static boolean isFollowable(TenantPredicate rule) {
    return rule instanceof TenantPredicate.All
        || rule instanceof TenantPredicate.ByColumn
        || (rule instanceof ByForeignKey byKey
            && byKey.ways().stream().allMatch(way -> isFollowable(way.parentRule())));
  }

  /** Where a key is checked late, two rows of two tenants may have had it in one transaction. */
  private static Set<Long> withDeferrableKeys(Connection source, Collection<Long> tables)
      throws SQLException {
    return new HashSet<>(
        Sql.list(
            source,
            "SELECT indrelid::bigint FROM pg_index WHERE indrelid = ANY (?::oid[])"
                + " AND indisprimary AND NOT indimmediate",
            row -> row.getLong(1),
            Sql.array("int8", tables)));
  }

  private static Map<TableName, Long> oids(Connection source, List<TenantTable> tables)
      throws SQLException {
    Map<String, TableName> quoted = new HashMap<>();
    tables.forEach(table -> quoted.put(Identifiers.quote(table.name()), table.name()));
    Map<TableName, Long> oids = new HashMap<>();
    Sql.forEach(
        source,
        "SELECT name, name::regclass::oid::bigint FROM unnest(?::text[]) AS t(name)",
        row -> oids.put(Objects.requireNonNull(quoted.get(row.getString(1))), row.getLong(2)),
        Sql.array("text", quoted.keySet()));
    return oids;
  }

  /** The columns by which a row is found again, a part of {@link #columns}. */
  public List<String> key() {
    return table.primaryKey();
  }

  /** The foreign keys by which rows hang on rows of another table. */
  public List<ForeignKey> parents() {
    return ways.stream().map(Way::key).toList();
  }
}
