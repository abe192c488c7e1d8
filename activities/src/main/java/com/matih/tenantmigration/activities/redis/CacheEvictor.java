package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.api.async.RedisServerAsyncCommands;

/**
 * Undoes a warming: takes the right to write from every attempt, then deletes the keys that were
 * warmed, and no others, each portion only where the {@link RemovalGuard} proves that no tenant is
 * served from them. Leaves nothing behind. Repeatable.
 */
public final class CacheEvictor {

  private final RedisConnections connections;
  private final MigrationJournal journal;
  private final RemovalGuard guard;

  public CacheEvictor(RedisConnections connections, MigrationJournal journal, RemovalGuard guard) {
    this.connections = connections;
    this.journal = journal;
    this.guard = guard;
  }

  /** Deletes the warmed keys. */
  public RollbackStep evict(MigrationContext context, ProgressMonitor monitor) {
    String migrationId = context.migrationId();
    if (!journal.intended(migrationId, RedisNames.STORE, RedisNames.CACHE)) {
      return step(RollbackStep.Status.NOT_NEEDED, "No key was warmed.");
    }
    journal.remember(
        migrationId, RedisNames.STORE, RedisNames.EVICTED_NOTE, Boolean.class, () -> true);
    try (Cache dedicated = connections.dedicated(context.spec(RedisSpec.class), monitor)) {
      WarmedKeys warmed = new WarmedKeys(dedicated, migrationId);
      warmed.revoke();
      long deleted =
          warmed.delete(portion -> guard.remove(context, "the warmed keys of Redis", portion::run));
      long left = dedicated.call("count its keys", RedisServerAsyncCommands::dbsize);
      String others =
          left == 0 ? "" : "; kept %s that it did not warm".formatted(Units.plural(left, "key"));
      return step(
          RollbackStep.Status.DONE,
          "%s deleted%s.".formatted(Units.plural(deleted, "warmed key"), others));
    }
  }

  /** Takes away what a rollback would have needed, after the cutover, and every right to write. */
  public void removeWarmedIndex(MigrationContext context, ProgressMonitor monitor) {
    RedisNames.end(journal, context.migrationId()).note();
    try (Cache dedicated = connections.dedicated(context.spec(RedisSpec.class), monitor)) {
      new WarmedKeys(dedicated, context.migrationId()).forget();
    }
  }

  private static RollbackStep step(RollbackStep.Status status, String message) {
    return new RollbackStep(Compensation.EVICT_CACHE.name(), status, message);
  }
}
