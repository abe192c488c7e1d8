package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.sessions.HeldTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Removes the triggers and functions of a fence that lets everything pass.
 *
 * <p>Dropping a trigger needs ACCESS EXCLUSIVE, for which others queue while we wait. Nothing
 * depends on it, so it is asked for only where nobody holds the table for long: a reader of hours,
 * such as a neighbour's dump, is waited for without a request in the queue.
 */
final class FenceRemoval {

  /** Whoever has held a table for so long will hold it for longer than a lock timeout. */
  private static final Duration HELD_FOR_LONG = Duration.ofSeconds(3);

  /** What the server hides is given the benefit of the doubt once in so many rounds. */
  private static final int ROUNDS_BETWEEN_TRIES = 10;

  /** So many are changed within a fraction of the lock timeout. */
  private static final int TOGETHER = 16;

  private static final String LOCK_NOT_GRANTED = "55P03";

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** A failure and a heartbeat name so many tables. */
  private static final int MOST_TABLES_TOLD = 10;

  private final Connection source;
  private final String prefix;
  private final WriteFence.Limits limits;
  private final ProgressMonitor monitor;

  /** Removes over one connection, which is in autocommit mode. */
  FenceRemoval(
      Connection source, String migrationId, WriteFence.Limits limits, ProgressMonitor monitor) {
    this.source = source;
    this.prefix = FenceSql.functionPrefix(migrationId);
    this.limits = limits;
    this.monitor = monitor;
  }

  private record Waiting(TableName table, List<HeldTable> holders) {
    @Override
    public String toString() {
      return "%s, held by %s".formatted(table, HeldTable.holders(holders));
    }
  }

  /**
   * Removes all of it.
   *
   * @return whether there was anything
   * @throws MigrationException of type STORE_ERROR where tables were held for too long
   */
  boolean remove() throws SQLException {
    Instant deadline = Instant.now().plus(limits.removal());
    List<TableName> functions = FenceCatalog.functions(source, prefix);
    Map<TableRows, List<String>> triggers = FenceCatalog.triggers(source, prefix);
    boolean found =
        !functions.isEmpty()
            || !triggers.isEmpty()
            || !FenceCatalog.relations(source, prefix).isEmpty();
    int all = triggers.size();
    for (int round = 0; !triggers.isEmpty(); round++) {
      boolean tryHidden = round % ROUNDS_BETWEEN_TRIES == 0;
      List<Waiting> waiting = removeWhereFree(triggers, all, tryHidden);
      if (!waiting.isEmpty()) {
        giveUpAfter(deadline, waiting);
        monitor.update(progress(all - waiting.size(), all, "waiting for " + told(waiting)));
        monitor.pause(PAUSE);
      }
      triggers = FenceCatalog.triggers(source, prefix);
    }
    for (TableName function : functions) {
      Sql.execute(source, "DROP FUNCTION IF EXISTS %s()".formatted(Identifiers.quote(function)));
    }
    dropRelations(deadline);
    FenceCatalog.dropSchemaIfEmpty(source);
    return found;
  }

  /** Nothing writes notes any more, but a transaction that has written some may still be open. */
  private void dropRelations(Instant deadline) throws SQLException {
    List<FenceCatalog.Relation> left = FenceCatalog.relations(source, prefix);
    while (!left.isEmpty()) {
      monitor.throwIfCancelled();
      for (FenceCatalog.Relation relation : left) {
        var unused = isDropped(relation);
      }
      left = FenceCatalog.relations(source, prefix);
      if (!left.isEmpty()) {
        if (Instant.now().isAfter(deadline)) {
          throw new MigrationException(
              FailureType.STORE_ERROR,
              ("%s of schema %s could not be removed, because transactions that began before"
                      + " hold them. They harm nobody. End those transactions, or wait for them.")
                  .formatted(Units.plural(left.size(), "table"), left.get(0).name().schema()));
        }
        monitor.pause(PAUSE);
      }
    }
  }

  private boolean isDropped(FenceCatalog.Relation relation) throws SQLException {
    try {
      Sql.execute(
          source,
          "SET lock_timeout = %d; %s; SET lock_timeout = 0"
              .formatted(limits.lockTimeout().toMillis(), relation.drop()));
      return true;
    } catch (SQLException e) {
      Sql.execute(source, "SET lock_timeout = 0");
      if (LOCK_NOT_GRANTED.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private List<Waiting> removeWhereFree(
      Map<TableRows, List<String>> triggers, int all, boolean tryHidden) throws SQLException {
    List<Waiting> waiting = new ArrayList<>();
    List<TableRows> tables = List.copyOf(triggers.keySet());
    for (int tried = 0; tried < tables.size(); tried += TOGETHER) {
      List<TableRows> batch = tables.subList(tried, Math.min(tables.size(), tried + TOGETHER));
      monitor.throwIfCancelled();
      monitor.update(
          progress(
              all - tables.size() + tried - waiting.size(),
              all,
              "removing triggers of " + batch.get(0).table()));
      if (!removedTogether(batch, triggers)) {
        removeEach(batch, triggers, tryHidden, waiting);
      }
    }
    return waiting;
  }

  private boolean removedTogether(List<TableRows> batch, Map<TableRows, List<String>> triggers)
      throws SQLException {
    return LockedChange.tryTogether(
        source,
        limits.lockTimeout(),
        batch,
        LockedChange.Mode.ACCESS_EXCLUSIVE,
        batch.stream().flatMap(table -> drops(table, triggers).stream()).toList());
  }

  private void removeEach(
      List<TableRows> batch,
      Map<TableRows, List<String>> triggers,
      boolean tryHidden,
      List<Waiting> waiting)
      throws SQLException {
    for (TableRows table : batch) {
      monitor.throwIfCancelled();
      List<HeldTable> holders =
          LockedChange.holders(source, table.table(), LockedChange.Mode.ACCESS_EXCLUSIVE);
      boolean isFree = holders.stream().noneMatch(holder -> isHeldForLong(holder, tryHidden));
      if (!isFree || !removed(table, triggers)) {
        waiting.add(new Waiting(table.table(), holders));
      }
    }
  }

  private boolean removed(TableRows table, Map<TableRows, List<String>> triggers)
      throws SQLException {
    return LockedChange.tryToApply(
        source,
        limits.lockTimeout(),
        table,
        LockedChange.Mode.ACCESS_EXCLUSIVE,
        transaction -> LockedChange.runTogether(transaction, drops(table, triggers)));
  }

  private static List<String> drops(TableRows table, Map<TableRows, List<String>> triggers) {
    return triggers.getOrDefault(table, List.of()).stream()
        .map(
            trigger ->
                "DROP TRIGGER IF EXISTS %s ON %s"
                    .formatted(Identifiers.quote(trigger), Identifiers.quote(table.table())))
        .toList();
  }

  private static boolean isHeldForLong(HeldTable held, boolean tryHidden) {
    return held.transaction().map(open -> open.compareTo(HELD_FOR_LONG) >= 0).orElse(!tryHidden);
  }

  private static void giveUpAfter(Instant deadline, List<Waiting> waiting) {
    if (Instant.now().isAfter(deadline)) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          ("The released fence's triggers could not be removed from %s,"
                  + " because other transactions hold them; the triggers let every write pass."
                  + " Tables: %s. End those transactions, or wait for them.")
              .formatted(Units.plural(waiting.size(), "table"), told(waiting)));
    }
  }

  private static String told(List<Waiting> waiting) {
    String first =
        String.join(
            " | ", waiting.stream().limit(MOST_TABLES_TOLD).map(Waiting::toString).toList());
    int more = waiting.size() - MOST_TABLES_TOLD;
    return more > 0 ? first + " | and %d more".formatted(more) : first;
  }

  private static Progress progress(long done, long all, String doing) {
    return new Progress(Math.max(0, done), all, "tables", doing);
  }
}
