package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.redis.loaders.LoaderRows;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.api.async.RedisServerAsyncCommands;
import java.util.List;

/**
 * Brings the warmed cache up to date with the dedicated database when the tenant writes no more.
 *
 * <p>One pass over the loaders' rows compares each key and writes what differs, which is read back;
 * and notes each key as seen. The warmed keys that were not seen are deleted, which are looked for
 * only where there are more warmed keys than seen ones. So the pass is the comparison as well.
 */
public final class CacheFreshener {

  /** The epoch, the warmed keys and the seen ones. */
  private static final int BOOKKEEPING = 3;

  private final RedisConnections connections;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final LoaderRows loaderRows;

  public CacheFreshener(
      RedisConnections connections,
      MigrationJournal journal,
      RemovalGuard guard,
      DedicatedRows dedicatedRows) {
    this.connections = connections;
    this.journal = journal;
    this.guard = guard;
    this.loaderRows = new LoaderRows(dedicatedRows);
  }

  /**
   * Freshens; repeatable.
   *
   * @return how many keys the cache has, and what CACHE_CONTENT finds
   * @throws MigrationException of type TARGET_NOT_EMPTY where a loader gives a key that somebody
   *     else has written; WRITER_SUPERSEDED where a later attempt has begun; WORK_ENDED where the
   *     keys are being evicted; BAD_REQUEST where two rows give one key different values
   */
  public Drained freshen(MigrationContext context, ProgressMonitor monitor) {
    Freshened freshened = bringUpToDate(context, monitor);
    return new Drained(
        StoresSummary.of(new StoresSummary.Redis(freshened.keys())),
        List.of(freshened.finding().toResult(CheckName.CACHE_CONTENT)));
  }

  /** Freshens, for what CACHE_CONTENT finds. */
  Finding compareAnew(MigrationContext context, ProgressMonitor monitor) {
    return bringUpToDate(context, monitor).finding();
  }

  private record Freshened(long keys, Finding finding) {}

  private Freshened bringUpToDate(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    try (Cache shared = connections.shared(spec, monitor);
        Cache dedicated = connections.dedicated(spec, monitor)) {
      WarmedKeys warmed = new WarmedKeys(dedicated, context.migrationId());
      String epoch = CacheWarmer.begin(journal, context, warmed, monitor.attempt());
      forgetSeen(warmed, epoch);
      Finding finding = new Finding();
      FresheningWriter writer =
          new FresheningWriter(context, shared, dedicated, epoch, monitor, finding);
      for (RedisSpec.Loader loader : spec.warm()) {
        loaderRows.read(
            context, loader, key -> true, monitor, entries -> writer.write(loader, entries));
      }
      removeUnseen(context, warmed, epoch);
      WarmedSummary summary = writer.summary();
      finding.compared(summary.keys());
      lookForOthers(context, dedicated, writer.present(), warmed, summary, finding);
      journal.put(context.migrationId(), RedisNames.STORE, RedisNames.WARMED_NOTE, summary);
      forgetSeen(warmed, epoch);
      return new Freshened(summary.keys(), applicable(finding));
    }
  }

  private static Finding applicable(Finding finding) {
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("nothing is cached for the tenant")
        : finding;
  }

  private static void forgetSeen(WarmedKeys warmed, String epoch) {
    if (!warmed.forgetSeen(epoch)) {
      throw WarmingWriter.superseded();
    }
  }

  private void removeUnseen(MigrationContext context, WarmedKeys warmed, String epoch) {
    if (warmed.count() == warmed.seen()) {
      return;
    }
    boolean own =
        warmed.removeUnseen(
            epoch, portion -> guard.beginAnew(context, "warmed keys of Redis", portion::run));
    if (!own) {
      throw WarmingWriter.superseded();
    }
  }

  /**
   * Names what no loader gives. Where the Redis holds as many keys as were compared or written, and
   * our own, there is nothing else, unless a key came in the very moment in which another expired.
   */
  private static void lookForOthers(
      MigrationContext context,
      Cache dedicated,
      long present,
      WarmedKeys warmed,
      WarmedSummary summary,
      Finding finding) {
    long known = warmed.count();
    if (known != summary.keys()) {
      finding.mismatch(
          "the loaders return %s, but %,d are warmed"
              .formatted(Units.plural(summary.keys(), "cache key"), known));
    }
    long all = dedicated.call("count its keys", RedisServerAsyncCommands::dbsize);
    if (all != present + BOOKKEEPING) {
      ForeignKeys.find(
          dedicated,
          context.migrationId(),
          key -> finding.mismatch("cache key %s is not from any loader".formatted(key)));
    }
  }
}
