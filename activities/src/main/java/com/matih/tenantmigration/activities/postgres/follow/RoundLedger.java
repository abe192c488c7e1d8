package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** The part of the ledger that tells at which point of the shared side the dedicated one stands. */
final class RoundLedger {

  private static final String TABLE = MigrationNames.LEDGER_SCHEMA + ".round";
  private static final String REPLACED = MigrationNames.LEDGER_SCHEMA + ".replaced";

  private RoundLedger() {}

  /** Creates its table and only row where there is none. */
  static void create(Connection target) throws SQLException {
    Sql.execute(
        target,
        "CREATE TABLE IF NOT EXISTS %s (number bigint NOT NULL, snapshot text NOT NULL)"
            .formatted(TABLE));
    Sql.execute(
        target, "CREATE TABLE IF NOT EXISTS %s (changed text PRIMARY KEY)".formatted(REPLACED));
    Sql.execute(
        target,
        "INSERT INTO %1$s SELECT 0, '' WHERE NOT EXISTS (SELECT 1 FROM %1$s)".formatted(TABLE));
  }

  /** Notes, in the transaction of a round, that it copied all rows of a table again. */
  static void replaced(Connection transaction, FollowedTable table) throws SQLException {
    Sql.execute(
        transaction,
        "INSERT INTO %s VALUES (?) ON CONFLICT DO NOTHING".formatted(REPLACED),
        table.changed().table());
  }

  /** Whether a round has copied all rows of a table again. */
  static boolean isReplaced(Connection target, FollowedTable table) throws SQLException {
    return Sql.isTrue(
        target,
        "SELECT EXISTS (SELECT 1 FROM %s WHERE changed = ?)".formatted(REPLACED),
        table.changed().table());
  }

  /** The number of the last round; 0 before the first. */
  static long last(Connection target) throws SQLException {
    return Sql.number(target, "SELECT number FROM " + TABLE);
  }

  /**
   * Notes, in the transaction of a round, the snapshot that it brings.
   *
   * @return the round's number
   */
  static long next(Connection transaction, String snapshot) throws SQLException {
    return Sql.one(
        transaction,
        "UPDATE %s SET number = number + 1, snapshot = ? RETURNING number".formatted(TABLE),
        row -> row.getLong(1),
        snapshot);
  }
}
