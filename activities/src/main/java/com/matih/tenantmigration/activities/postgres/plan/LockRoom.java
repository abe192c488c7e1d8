package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Compares the locks that a migration takes at a time with the room in a server's lock table, which
 * all its databases share: where it is full, neighbours fail with "out of shared memory".
 *
 * <p>On the shared side {@code pg_dump} locks each table, partition and view until it has read the
 * schema; else a session locks a few tables at a time, or one with its partitions and indexes, and
 * beside the pass over the rows three other checks run. On the dedicated side a transaction creates
 * a part of the schema. The manual, "Lock Management", says how large the table is.
 */
final class LockRoom {

  /** Checks that read tables beside the pass over the rows, which has a session for each worker. */
  private static final int OTHER_CHECKS = 3;

  private static final String NEEDED =
      """
      WITH tables AS (
        SELECT c.oid, c.relkind, coalesce(pg_partition_root(c.oid), c.oid) AS root,
               1 + (c.reltoastrelid <> 0)::int * 2
                 + (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) AS locks
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm'))
      SELECT count(*) AS relations, coalesce(sum(locks), 0) AS all_locks,
             coalesce((SELECT max(w.locks) FROM (SELECT sum(locks) AS locks FROM tables
                                                  GROUP BY root) w), 0) AS widest
        FROM tables
      """;

  private static final String ROOM =
      """
      SELECT current_setting('max_locks_per_transaction')::bigint AS per_transaction,
             current_setting('max_connections')::bigint
               + current_setting('max_prepared_transactions')::bigint AS transactions,
             (SELECT count(*) FROM pg_locks WHERE NOT fastpath) AS taken
      """;

  private LockRoom() {}

  /**
   * The most locks at a time.
   *
   * @param relations the schema's tables, partitions and views
   */
  record Need(long relations, long onSource, long onTarget) {}

  /** What a schema's migration needs. */
  static Need need(Connection source, String schema, int parallelism) throws SQLException {
    return Sql.one(
        source,
        NEEDED,
        row -> {
          long side = (parallelism + OTHER_CHECKS) * row.getLong("widest");
          long relations = row.getLong("relations");
          long together = Math.min(row.getLong("all_locks"), SchemaArchive.LOCKS_TOGETHER);
          return new Need(relations, Math.max(relations, side), Math.max(together, side));
        },
        schema);
  }

  /**
   * Refuses what does not fit, and warns where little would be left for others.
   *
   * @param side the side's name in the request
   * @param needed locks at a time
   */
  static void examine(
      Connection server, String side, long needed, long relations, PlanNotes findings)
      throws SQLException {
    Room room =
        Sql.one(
            server,
            ROOM,
            row ->
                new Room(
                    row.getLong("per_transaction"),
                    Math.max(1, row.getLong("transactions")),
                    row.getLong("taken")));
    long enough = (2 * needed + room.all() - room.free()) / room.transactions() + 1;
    String what =
        "has room for %d locks (max_locks_per_transaction), %d of them free, and moving the tables and views (%d) takes up to %d at a time"
            .formatted(room.all(), room.free(), relations, needed);
    String remedy =
        "Set max_locks_per_transaction to %d or more and restart the server, or move fewer tables."
            .formatted(enough);
    if (needed > room.free()) {
      findings.refuse(
          side,
          what + ": it, or others on the server, would fail with 'out of shared memory'",
          remedy);
    } else if (needed > room.free() / 2) {
      findings.warn(side, "%s: little is left for others. %s".formatted(what, remedy));
    }
  }

  private record Room(long perTransaction, long transactions, long taken) {

    long all() {
      return perTransaction * transactions;
    }

    long free() {
      return Math.max(0, all() - taken);
    }
  }
}
