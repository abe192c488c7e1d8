package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Gives tables their triggers, a few tables in one transaction and several transactions side by
 * side.
 *
 * <p>Tables whose locks are all free are changed together, which takes a moment in which their
 * writers wait. Where one of them is not free nothing is changed, and each is waited for by itself,
 * with the patience of {@link LockedChange}. A table whose trigger looks up parents comes after the
 * tables that need fewer lookups, and so after its parents.
 */
final class FenceRaising {

  /** So many are changed within a fraction of the lock timeout. */
  private static final int TOGETHER = 16;

  private final FenceSql sql;
  private final WriteFence.Limits limits;
  private final int parallelism;
  private final IntFunction<Connection> sessions;
  private final Function<SQLException, RuntimeException> failure;
  private final ProgressMonitor monitor;
  private final AtomicInteger done = new AtomicInteger();

  /**
   * A fence that is to be raised.
   *
   * @param parallelism how many sessions change tables at a time
   * @param sessions opens a session in autocommit mode, by its number
   * @param failure what a failure of one of these sessions is to the caller
   */
  FenceRaising(
      FenceSql sql,
      WriteFence.Limits limits,
      int parallelism,
      IntFunction<Connection> sessions,
      Function<SQLException, RuntimeException> failure,
      ProgressMonitor monitor) {
    this.sql = sql;
    this.limits = limits;
    this.parallelism = parallelism;
    this.sessions = sessions;
    this.failure = failure;
    this.monitor = monitor;
  }

  /** What is missing on one table. */
  private record Missing(
      TableRows rows, TenantPredicate rule, TableName function, List<String> statements) {

    TableName table() {
      return rows.table();
    }
  }

  /**
   * Raises what does not stand.
   *
   * @param source in autocommit mode
   */
  void raise(Connection source, List<TenantTable> fenced, TenantTables tables) throws SQLException {
    StandingFence standing =
        StandingFence.read(source, sql, fenced.stream().map(TenantTable::name).toList());
    Map<Integer, List<TenantTable>> byDepth = new TreeMap<>();
    for (TenantTable table : fenced) {
      byDepth.computeIfAbsent(tables.own(table).depth(), d -> new ArrayList<>()).add(table);
    }
    Instant deadline = Instant.now().plus(limits.drain());
    boolean parentsStood = true;
    for (List<TenantTable> ofDepth : byDepth.values()) {
      List<Missing> missing = new ArrayList<>();
      for (TenantTable table : ofDepth) {
        TenantPredicate rule = tables.own(table);
        // a function that asks parents is made anew where one of them did not stand, since its text
        // tells a snapshot from before from one since
        if (!standing.faults(table.name(), rule).isEmpty()
            || !(parentsStood || rule.isOfRowAlone())) {
          missing.add(
              new Missing(
                  table.rows(),
                  rule,
                  standing.functionOf(table.name(), rule),
                  standing.raising(table.name(), rule)));
        }
      }
      raise(missing, standing, fenced.size(), deadline);
      parentsStood &= missing.isEmpty();
    }
  }

  private void raise(List<Missing> missing, StandingFence standing, int all, Instant deadline) {
    WorkerPool.workThrough(
        "fence",
        parallelism,
        monitor,
        batches(missing, standing),
        number -> new Raiser(sessions.apply(number), all, deadline));
  }

  /** A table with partitions, each of which is changed and locked too, is a batch of its own. */
  private static List<List<Missing>> batches(List<Missing> missing, StandingFence standing) {
    List<List<Missing>> batches = new ArrayList<>();
    List<Missing> batch = new ArrayList<>();
    for (Missing table : missing) {
      if (standing.table(table.table()).members().size() > 1) {
        batches.add(List.of(table));
        continue;
      }
      batch.add(table);
      if (batch.size() == TOGETHER) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /** One session. */
  private final class Raiser implements WorkerPool.Worker<List<Missing>> {

    private final Connection source;
    private final int all;
    private final LockedChange change;

    Raiser(Connection source, int all, Instant deadline) {
      this.source = source;
      this.all = all;
      this.change = new LockedChange(source, limits.lockTimeout(), deadline, WorkScope.current());
    }

    @Override
    public void work(List<Missing> batch) {
      try {
        for (Missing table : batch) {
          createFunction(table);
        }
        if (batch.size() == 1
            || !change.tryTogether(
                rows(batch), LockedChange.Mode.SHARE_ROW_EXCLUSIVE, statements(batch))) {
          for (Missing table : batch) {
            told(table.table());
            change.apply(
                table.rows(),
                LockedChange.Mode.SHARE_ROW_EXCLUSIVE,
                transaction -> LockedChange.runTogether(transaction, table.statements()));
            done.incrementAndGet();
          }
        } else {
          done.addAndGet(batch.size());
          told(batch.get(0).table());
        }
      } catch (SQLException e) {
        throw failure.apply(e);
      }
    }

    private void told(TableName table) {
      monitor.update(new Progress(done.get(), all, "tables", "fencing " + table));
    }

    private void createFunction(Missing table) throws SQLException {
      if (!table.rule().isOfRowAlone()) {
        String searchPath =
            Sql.one(source, "SELECT current_setting('search_path')", row -> row.getString(1));
        Sql.execute(
            source,
            sql.createAskingFunction(table.function(), table.rule(), newToken(), searchPath));
      }
    }

    @Override
    public void close() {
      DatabaseAccess.closeQuietly(source);
    }
  }

  private static List<TableRows> rows(List<Missing> batch) {
    return batch.stream().map(Missing::rows).toList();
  }

  private static List<String> statements(List<Missing> batch) {
    return batch.stream().flatMap(table -> table.statements().stream()).toList();
  }

  private static String newToken() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }
}
