package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.fence.CaptureState;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which rows of the dedicated side came with which round. */
public final class CarriedRows {

  private CarriedRows() {}

  /** The number of the last round; 0 before the first. */
  public static long lastRound(DatabaseAccess target) {
    return target.read("rounds", "read the rounds of", "the ledger", RoundLedger::last);
  }

  /** Says that the dedicated side has lost rounds that were carried over; empty if it has not. */
  public static Optional<String> lost(DatabaseAccess target, CaptureState state, Connection source)
      throws SQLException {
    return lastRound(target) < state.lastDeleted(source)
        ? Optional.of(RowRounds.LOST)
        : Optional.empty();
  }

  /**
   * True, over the alias {@code t} of the dedicated side, for the rows of each table that came with
   * a later round than that one.
   */
  public static Map<TableName, String> since(
      long round,
      PostgresConnections connections,
      MigrationJournal journal,
      MigrationContext context) {
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    CaptureState state = CaptureState.of(context, journal);
    List<FollowedTable> tables =
        DatabaseAccess.source(connections, context)
            .look(
                "followed tables",
                "read the tables of",
                "the shared database",
                source -> FollowedTables.read(source, target, context, state, false));
    return target.look(
        "rounds", "read the rounds of", "the ledger", ledger -> since(round, ledger, tables));
  }

  private static Map<TableName, String> since(
      long round, Connection ledger, List<FollowedTable> tables) throws SQLException {
    Map<TableName, String> predicates = new HashMap<>();
    for (FollowedTable table : tables) {
      boolean hasChanged =
          Sql.text(ledger, "SELECT to_regclass(?)::text", Identifiers.quote(table.changed()))
              .isPresent();
      if (hasChanged) {
        predicates.put(table.name(), since(round, table));
      }
    }
    return predicates;
  }

  private static String since(long round, FollowedTable table) {
    return table.note().isKeyed()
        ? "(%s) IN (SELECT %s FROM %s WHERE %s > %d AND NOT %s)"
            .formatted(
                Identifiers.list("t", table.note().key()),
                Identifiers.list(table.note().key()),
                Identifiers.quote(table.changed()),
                TargetRound.IN_ROUND,
                round,
                TargetRound.IS_GONE)
        : "true";
  }
}
