package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Gives tables their triggers, a few tables in one transaction and several transactions side by
 * side.
 *
 * <p>Tables whose locks are all free are changed together, which takes a moment in which their
 * writers wait. Where one of them is not free nothing is changed, and each is waited for by itself,
 * with the patience of {@link LockedChange}.
 */
final class TriggerRaising {

  /** So many are changed within a fraction of the lock timeout. */
  private static final int TOGETHER = 16;

  private final WriteFence.Limits limits;
  private final int parallelism;
  private final IntFunction<Connection> sessions;
  private final Function<SQLException, RuntimeException> failure;
  private final ProgressMonitor monitor;
  private final String doing;
  private final AtomicInteger done = new AtomicInteger();

  /**
   * Triggers that are to be created.
   *
   * @param parallelism how many sessions change tables at a time
   * @param sessions opens a session in autocommit mode, by its number
   * @param failure what a failure of one of these sessions is to the caller
   * @param doing what people are told, such as {@code fencing}
   */
  TriggerRaising(
      WriteFence.Limits limits,
      int parallelism,
      IntFunction<Connection> sessions,
      Function<SQLException, RuntimeException> failure,
      ProgressMonitor monitor,
      String doing) {
    this.limits = limits;
    this.parallelism = parallelism;
    this.sessions = sessions;
    this.failure = failure;
    this.monitor = monitor;
    this.doing = doing;
  }

  /**
   * What is missing on one table.
   *
   * @param members how many tables are changed: its partitions too
   * @param before statements that come first and lock nothing
   * @param statements that create its triggers, under its lock
   */
  record Missing(TableRows rows, int members, List<String> before, List<String> statements) {

    TableName table() {
      return rows.table();
    }
  }

  /**
   * Creates them.
   *
   * @param all how many tables there are, for people
   * @param deadline when to give up
   */
  void raise(List<Missing> missing, int all, Instant deadline) {
    WorkerPool.workThrough(
        "fence",
        parallelism,
        monitor,
        batches(missing),
        number -> new Raiser(sessions.apply(number), all, deadline));
  }

  /** A table with partitions, each of which is changed and locked too, is a batch of its own. */
  private static List<List<Missing>> batches(List<Missing> missing) {
    List<List<Missing>> batches = new ArrayList<>();
    List<Missing> batch = new ArrayList<>();
    for (Missing table : missing) {
      if (table.members() > 1) {
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
          for (String statement : table.before()) {
            Sql.execute(source, statement);
          }
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
      monitor.update(new Progress(done.get(), all, "tables", doing + " " + table));
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
}
