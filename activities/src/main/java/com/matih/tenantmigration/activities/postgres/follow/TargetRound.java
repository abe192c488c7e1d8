package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The dedicated side of a round: keys and rows come into temporary tables, and from there take the
 * place of what stands, all in one transaction.
 *
 * <p>All that a round deletes is deleted before anything is inserted, so that values that must be
 * unique may have changed places.
 */
final class TargetRound {

  private static final String IS_MOVED = "\"~moved\"";
  static final String IS_GONE = "\"~gone\"";
  static final String IN_ROUND = "\"~round\"";

  private final Connection target;
  private final boolean isBase;
  private final Set<FollowedTable> prepared = new HashSet<>();

  /**
   * A dedicated side, with temporary tables that live as long as its session.
   *
   * @param target a session with transactions
   * @param isBase whether the rows stand as they were copied, without keys and under the source's
   *     names, and nothing is kept for the snapshot but through {@link #keep}
   */
  TargetRound(Connection target, boolean isBase) {
    this.target = target;
    this.isBase = isBase;
  }

  /** Empties the temporary tables of a table, which are created where there are none. */
  void prepare(FollowedTable table) throws SQLException {
    if (!prepared.add(table)) {
      Sql.execute(target, "TRUNCATE %s, %s".formatted(table.keys(), table.rows()));
      return;
    }
    String from = table.target().sql();
    Sql.execute(
        target,
        "CREATE TEMPORARY TABLE %s AS SELECT %sfalse AS %s FROM %s WITH NO DATA"
            .formatted(bare(table.keys()), separated(table.note().columns()), IS_MOVED, from));
    Sql.execute(
        target,
        "CREATE TEMPORARY TABLE %s AS SELECT %s FROM %s WITH NO DATA"
            .formatted(bare(table.rows()), Identifiers.list(table.table().columns()), from));
    createChanged(table);
  }

  private void createChanged(FollowedTable table) throws SQLException {
    String changed = Identifiers.quote(table.changed());
    Sql.execute(
        target,
        "CREATE TABLE IF NOT EXISTS %s AS SELECT %s, false AS %s, 0::bigint AS %s FROM %s WITH NO DATA"
            .formatted(
                changed,
                Identifiers.nullable(table.table().columns()),
                IS_GONE,
                IN_ROUND,
                table.target().sql()));
    if (table.note().isKeyed()) {
      Sql.execute(
          target,
          "CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (%s)"
              .formatted(
                  Identifiers.quote(table.changed().table() + "_key"),
                  changed,
                  Identifiers.list(table.note().key())));
    }
  }

  private static String bare(String temporary) {
    return temporary.substring(temporary.indexOf('.') + 1);
  }

  private static String separated(List<String> columns) {
    return columns.stream()
        .map(name -> Identifiers.quote(name) + ", ")
        .collect(Collectors.joining());
  }

  /** {@code COPY … FROM STDIN} of what {@link SourceRound#keys} answers. */
  static String takeKeys(FollowedTable table) {
    return "COPY %s (%s%s) FROM STDIN %s"
        .formatted(
            table.keys(), separated(table.note().columns()), IS_MOVED, table.format().option());
  }

  /** {@code COPY … FROM STDIN} of what {@link SourceRound#rows} answers. */
  static String takeRows(FollowedTable table) {
    return "COPY %s (%s) FROM STDIN %s"
        .formatted(
            table.rows(), Identifiers.list(table.table().columns()), table.format().option());
  }

  /** Adds the rows that hang here on rows that moved. */
  void addChildren(FollowedTable table) throws SQLException {
    String columns = Identifiers.list("t", table.note().columns());
    for (FollowedTable.Parent parent : table.parents()) {
      if (isPrepared(parent.table())) {
        String schema = table.target().table().schema();
        Sql.execute(
            target,
            "INSERT INTO %s SELECT DISTINCT %s, true FROM %s AS t JOIN %s AS p ON p.%s AND %s"
                .formatted(
                    table.keys(),
                    columns,
                    table.target().sql(),
                    parent.table().keys(),
                    IS_MOVED,
                    parent.key().join(schema, "p", "t")));
      }
    }
  }

  /** Adds the keys of rows that came without having been noted here. */
  void addKeysOfRows(FollowedTable table) throws SQLException {
    Sql.execute(
        target,
        "INSERT INTO %s SELECT DISTINCT %s, false FROM %s AS t WHERE NOT EXISTS (SELECT 1 FROM %s AS k WHERE %s)"
            .formatted(
                table.keys(),
                Identifiers.list("t", table.note().columns()),
                table.rows(),
                table.keys(),
                table.sameKey("k", "t")));
  }

  private boolean isPrepared(FollowedTable table) {
    return prepared.contains(table);
  }

  /** Has few keys looked up one by one, in the transaction. */
  void lookUpOneByOne() throws SQLException {
    if (!isBase) {
      Sql.execute(target, "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
    }
  }

  /** Deletes what stands under the round's keys, or all rows. */
  void delete(FollowedTable table, boolean whole) throws SQLException {
    if (whole) {
      Sql.execute(target, "DELETE FROM " + table.target().sql());
      return;
    }
    Sql.execute(
        target,
        "DELETE FROM %s AS t USING (SELECT DISTINCT %s FROM %s) AS k WHERE %s"
            .formatted(
                table.target().sql(),
                Identifiers.list(table.note().key()),
                table.keys(),
                table.sameKey("t", "k")));
  }

  /** Inserts the round's rows. */
  void insert(FollowedTable table) throws SQLException {
    Sql.execute(
        target,
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s AS t"
            .formatted(
                Identifiers.quote(table.target().table()),
                Identifiers.list(table.table().columns()),
                isBase ? Identifiers.list("t", table.table().columns()) : table.mappedColumns(),
                table.rows()));
  }

  /**
   * Deletes rows whose parents a later range of the copy did not find any more, and keeps that. A
   * parent that left the tenant while its children's children were copied is noted; what was
   * deleted below it then was a neighbour's, and is not.
   */
  void deleteOrphans(FollowedTable table, long round) throws SQLException {
    if (!isBase || table.parents().isEmpty()) {
      return;
    }
    String key = Identifiers.list(table.note().key());
    createChanged(table);
    Sql.execute(
        target,
        ("WITH orphans AS (DELETE FROM %s AS t WHERE %s RETURNING %s)"
                + " INSERT INTO %s (%s, %s, %s) SELECT %s, true, %d FROM orphans"
                + " ON CONFLICT (%s) DO UPDATE SET %s = true")
            .formatted(
                table.target().sql(),
                table.isOrphan(),
                Identifiers.list("t", table.note().key()),
                Identifiers.quote(table.changed()),
                key,
                IS_GONE,
                IN_ROUND,
                key,
                round,
                key,
                IS_GONE));
  }

  /** Keeps the round's rows, as they are on the shared side, for the snapshot. */
  void keep(FollowedTable table, boolean whole, long round) throws SQLException {
    String changed = Identifiers.quote(table.changed());
    String columns = Identifiers.list(table.table().columns());
    if (whole) {
      Sql.execute(target, "DELETE FROM " + changed);
      RoundLedger.replaced(target, table);
    } else {
      Sql.execute(
          target,
          "DELETE FROM %s AS t USING (SELECT DISTINCT %s FROM %s) AS k WHERE %s"
              .formatted(
                  changed,
                  Identifiers.list(table.note().key()),
                  table.keys(),
                  table.sameKey("t", "k")));
      Sql.execute(
          target,
          "INSERT INTO %s (%s, %s, %s) SELECT DISTINCT %s, true, %d FROM %s AS k WHERE NOT EXISTS (SELECT 1 FROM %s AS t WHERE %s)"
              .formatted(
                  changed,
                  Identifiers.list(table.note().key()),
                  IS_GONE,
                  IN_ROUND,
                  Identifiers.list("k", table.note().key()),
                  round,
                  table.keys(),
                  table.rows(),
                  table.sameKey("t", "k")));
    }
    Sql.execute(
        target,
        "INSERT INTO %s (%s, %s, %s) SELECT %s, false, %d FROM %s"
            .formatted(changed, columns, IS_GONE, IN_ROUND, columns, round, table.rows()));
  }

  /** True, over the alias {@code t} of the dedicated side, for rows under the round's keys. */
  static String predicate(FollowedTable table, boolean whole) {
    return whole
        ? "true"
        : "(%s) IN (SELECT %s FROM %s)"
            .formatted(
                Identifiers.list("t", table.note().key()),
                Identifiers.list(table.note().key()),
                table.keys());
  }
}
