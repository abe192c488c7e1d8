package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.BuiltIndexes;
import com.matih.tenantmigration.activities.postgres.snapshot.IndexStatement;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * Works through the queue over one connection to each side. An index and the note that it stands
 * commit together, as ranges do.
 */
final class CopyWorker implements WorkerPool.Worker<Integer> {

  private final CopyQueue queue;
  private final ChunkCopier copier;
  private final Connection target;
  private final long epoch;

  /**
   * A worker that closes the copier, and with it the connection.
   *
   * @param target the copier's own
   */
  CopyWorker(CopyQueue queue, ChunkCopier copier, Connection target, long epoch) {
    this.queue = queue;
    this.copier = copier;
    this.target = target;
    this.epoch = epoch;
  }

  @Override
  public void work(Integer seat) {
    for (Optional<CopyQueue.Task> task = queue.next(); task.isPresent(); task = queue.next()) {
      CopyQueue.Task next = task.get();
      if (next instanceof CopyQueue.Ranges ranges) {
        copier.work(ranges.chunks());
      } else if (next instanceof CopyQueue.Indexes indexes) {
        indexes.statements().forEach(this::build);
      }
      queue.done(next);
    }
  }

  private void build(IndexStatement statement) {
    WorkScope.current().throwIfCancelled();
    try (Registration onCancel = WorkScope.current().onCancel(this::interrupt)) {
      var unused =
          DatabaseAccess.transaction(
              target,
              "build",
              statement.object(),
              transaction -> {
                Sql.execute(transaction, statement.sql());
                BuiltIndexes.note(transaction, statement.number(), epoch);
                return true;
              });
    }
  }

  private void interrupt() {
    try {
      // the server would not notice while it builds that nobody waits
      target.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      // the connection is gone already, or goes now
    } finally {
      DatabaseAccess.abort(target);
    }
  }

  @Override
  public void close() {
    copier.close();
  }
}
