package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table whose changes are carried over, and how SQL names its parts on either side.
 *
 * @param number tells its tables of a round apart
 * @param target its rows on the dedicated side
 * @param format of COPY for its rows
 * @param operators by key column, the equality of its type where an extension brings it: on the
 *     shared side, {@code =} need not find it
 * @param mapped expressions over the alias {@code t} for columns whose values are others on the
 *     dedicated side
 * @param parents the tables on whose rows its rows hang
 */
public record FollowedTable(
    int number,
    NoteTable note,
    TableRows target,
    CopyFormat format,
    Map<String, String> operators,
    Map<String, String> mapped,
    List<Parent> parents) {

  public FollowedTable {
    operators = Map.copyOf(operators);
    mapped = Map.copyOf(mapped);
    parents = List.copyOf(parents);
  }

  /** A table on whose rows others hang. */
  public record Parent(FollowedTable table, ForeignKey key) {}

  public TenantTable table() {
    return note.table();
  }

  TableName name() {
    return table().name();
  }

  /** The temporary table, in a session of the dedicated database, of the keys of a round. */
  String keys() {
    return "pg_temp.key_" + number;
  }

  /** The temporary table of the rows of a round as they are on the shared side. */
  String rows() {
    return "pg_temp.row_" + number;
  }

  /**
   * The ledger's table of all rows that changed since the base copy, as the snapshot keeps them.
   */
  public TableName changed() {
    return new TableName(MigrationNames.LEDGER_SCHEMA, "changed_" + note.name().table());
  }

  /**
   * True, over the alias {@code t} of the dedicated side, where a parent is set and none is there.
   */
  String isOrphan() {
    String isSet =
        parents.stream().map(parent -> parent.key().isSet("t")).collect(Collectors.joining(" OR "));
    return "(%s) AND ".formatted(isSet)
        + parents.stream()
            .map(
                parent ->
                    "NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s)"
                        .formatted(
                            parent.table().target().sql(),
                            parent.key().join(target.table().schema(), "p", "t")))
            .collect(Collectors.joining(" AND "));
  }

  /** True, on the dedicated side, where rows under two names have the same key. */
  String sameKey(String one, String other) {
    return sameKey(one, other, Map.of());
  }

  /** True, on the shared side, where rows under two names have the same key. */
  String sameKeyOnSource(String one, String other) {
    return sameKey(one, other, operators);
  }

  private String sameKey(String one, String other, Map<String, String> operators) {
    return note.key().stream()
        .map(
            column ->
                "%1$s.%3$s %4$s %2$s.%3$s"
                    .formatted(
                        one, other, Identifiers.quote(column), operators.getOrDefault(column, "=")))
        .collect(Collectors.joining(" AND "));
  }

  /** The columns that are written, as they must be on the dedicated side. */
  String mappedColumns() {
    return table().columns().stream()
        .map(column -> mapped.getOrDefault(column, "t." + Identifiers.quote(column)))
        .collect(Collectors.joining(", "));
  }
}
