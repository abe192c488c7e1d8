package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a snapshot of the shared database says has changed: the notes that it sees, and the rows of
 * their keys as it sees them.
 */
final class SourceRound {

  /** So many keys are looked up one by one; more are joined as the server likes. */
  private static final long LOOKED_UP_ONE_BY_ONE = 50_000;

  private static final String NOTED =
      "SELECT count(*), count(*) FILTER (WHERE %1$s = '%2$s') > 0,"
          + " count(*) FILTER (WHERE %1$s = '%3$s') > 0,"
          + " count(*) FILTER (WHERE %1$s <> '%2$s') FROM %4$s";

  private final Map<FollowedTable, Noted> noted;

  private SourceRound(Map<FollowedTable, Noted> noted) {
    this.noted = noted;
  }

  /**
   * What is noted of a table.
   *
   * @param notes how many there are that this round carries over
   * @param hasMoved whether rows are among them on which others hang
   * @param isWhole whether any row may have changed
   */
  private record Noted(long notes, boolean hasMoved, boolean isWhole) {
    static final Noted NOTHING = new Noted(0, false, false);
  }

  /**
   * Reads what is noted.
   *
   * @param source a transaction that sees one state
   */
  static SourceRound read(Connection source, List<FollowedTable> tables) throws SQLException {
    Map<FollowedTable, Noted> noted = new HashMap<>();
    for (FollowedTable table : tables) {
      noted.put(table, read(source, table));
    }
    return new SourceRound(noted);
  }

  private static Noted read(Connection source, FollowedTable table) throws SQLException {
    return Sql.one(
        source,
        NOTED.formatted(
            NoteTable.KIND,
            NoteTable.MOVED,
            NoteTable.WHOLE,
            Identifiers.quote(table.note().name())),
        row ->
            row.getLong(1) == 0
                ? Noted.NOTHING
                : new Noted(row.getLong(4), row.getBoolean(2), row.getBoolean(3)));
  }

  private Noted of(FollowedTable table) {
    return Objects.requireNonNull(noted.get(table));
  }

  /** How many notes this round carries over; those of moved rows come again in each round. */
  long notes() {
    return noted.values().stream().mapToLong(Noted::notes).sum();
  }

  /** Whether all rows of the table are copied again. */
  boolean isWhole(FollowedTable table) {
    return of(table).isWhole();
  }

  /** Whether rows on which others hang have moved, or hang on such. */
  boolean hasMoved(FollowedTable table) {
    return of(table).hasMoved() || table.parents().stream().anyMatch(p -> hasMoved(p.table()));
  }

  /** Whether the round has anything to do with the table. */
  boolean concerns(FollowedTable table) {
    return of(table).notes() > 0 || hasMoved(table);
  }

  /** Whether the keys are looked up one by one. */
  boolean isSmall() {
    return notes() <= LOOKED_UP_ONE_BY_ONE;
  }

  /** Counts the rows that are the tenant's alone, of those that are noted. */
  static String ownRows(FollowedTable table) {
    return "SELECT count(*) FROM (SELECT DISTINCT %s FROM %s WHERE %s = '%s') AS n JOIN %s AS t ON %s WHERE %s"
        .formatted(
            Identifiers.list(table.note().key()),
            Identifiers.quote(table.note().name()),
            NoteTable.KIND,
            NoteTable.ROW,
            table.table().rows().sql(),
            table.sameKeyOnSource("t", "n"),
            table.table().ownPredicate());
  }

  /** The noted columns of rows that were noted, and whether rows that hang on them move too. */
  static String keys(FollowedTable table) {
    String columns = Identifiers.list(table.note().columns());
    return "SELECT %s, bool_or(%s = '%s') FROM %s WHERE %s <> '%s' GROUP BY %s"
        .formatted(
            columns,
            NoteTable.KIND,
            NoteTable.MOVED,
            Identifiers.quote(table.note().name()),
            NoteTable.KIND,
            NoteTable.WHOLE,
            columns);
  }

  /** The table's rows that are the tenant's, of those that this round carries over. */
  String rows(FollowedTable table) {
    String columns = Identifiers.list("t", table.table().columns());
    if (isWhole(table) || !table.note().isKeyed()) {
      return "SELECT %s FROM %s AS t WHERE %s"
          .formatted(columns, table.table().rows().sql(), table.table().predicate());
    }
    return "SELECT %s FROM (%s) AS n JOIN %s AS t ON %s WHERE %s"
        .formatted(
            columns,
            carried(table),
            table.table().rows().sql(),
            table.sameKeyOnSource("t", "n"),
            table.table().predicate());
  }

  /** True, over the alias {@code t}, for the rows of {@link #rows}. */
  String predicate(FollowedTable table) {
    if (isWhole(table) || !table.note().isKeyed()) {
      return table.table().predicate();
    }
    return "(%s) AND EXISTS (SELECT 1 FROM (%s) AS n WHERE %s)"
        .formatted(table.table().predicate(), carried(table), table.sameKeyOnSource("t", "n"));
  }

  /** The keys of the rows that were noted, and of those that hang on rows that moved. */
  private String carried(FollowedTable table) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "SELECT DISTINCT %s FROM %s WHERE %s <> '%s'"
            .formatted(
                Identifiers.list(table.note().key()),
                Identifiers.quote(table.note().name()),
                NoteTable.KIND,
                NoteTable.WHOLE));
    for (FollowedTable.Parent parent : table.parents()) {
      if (hasMoved(parent.table())) {
        parts.add(children(table, parent, Identifiers.list("c", table.note().key())));
      }
    }
    return String.join(" UNION ", parts);
  }

  private String children(FollowedTable table, FollowedTable.Parent parent, String columns) {
    return "SELECT %s FROM (%s) AS m JOIN %s AS c ON %s"
        .formatted(
            columns,
            moved(parent.table()),
            table.table().rows().sql(),
            parent.key().join(table.name().schema(), "m", "c"));
  }

  /** The noted columns of the rows that moved, and of those that hang on such. */
  private String moved(FollowedTable table) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "SELECT %s FROM %s WHERE %s = '%s'"
            .formatted(
                Identifiers.list(table.note().columns()),
                Identifiers.quote(table.note().name()),
                NoteTable.KIND,
                NoteTable.MOVED));
    parts.addAll(
        table.parents().stream()
            .filter(parent -> hasMoved(parent.table()))
            .map(parent -> children(table, parent, Identifiers.list("c", table.note().columns())))
            .collect(Collectors.toList()));
    return String.join(" UNION ", parts);
  }
}
