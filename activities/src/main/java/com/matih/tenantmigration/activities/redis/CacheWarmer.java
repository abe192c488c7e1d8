package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.redis.loaders.LoaderRows;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Fills the dedicated Redis from the dedicated database: first the keys that are hot in the shared
 * one, then all others, each with the time that it had left to live there.
 *
 * <p>An attempt takes the right to write from every earlier one, deletes what that one had warmed,
 * and begins anew. Once the keys are being evicted no attempt gets the right any more.
 */
public final class CacheWarmer {

  private final RedisConnections connections;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final LoaderRows loaderRows;
  private final int hotKeys;

  public CacheWarmer(
      RedisConnections connections,
      MigrationJournal journal,
      RemovalGuard guard,
      DedicatedRows dedicatedRows) {
    this(connections, journal, guard, dedicatedRows, HotKeys.KEPT);
  }

  CacheWarmer(
      RedisConnections connections,
      MigrationJournal journal,
      RemovalGuard guard,
      DedicatedRows dedicatedRows,
      int hotKeys) {
    this.connections = connections;
    this.journal = journal;
    this.guard = guard;
    this.loaderRows = new LoaderRows(dedicatedRows);
    this.hotKeys = hotKeys;
  }

  /**
   * Warms by every loader of the request.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where the dedicated Redis holds keys of
   *     somebody else; WRITER_SUPERSEDED where a later attempt has begun; WORK_ENDED where an
   *     eviction has; BAD_REQUEST where two rows give one key different values
   */
  public StoresSummary warm(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    try (Cache shared = connections.shared(spec, monitor);
        Cache dedicated = connections.dedicated(spec, monitor)) {
      WarmedKeys warmed = new WarmedKeys(dedicated, context.migrationId());
      announce(context, dedicated);
      String epoch = begin(journal, context, warmed, monitor.attempt());
      warmed.delete(portion -> guard.beginAnew(context, "the warmed keys of Redis", portion::run));
      Set<String> hot = HotKeys.read(shared, spec.source().keyPrefix(), hotKeys);
      WarmingWriter writer = new WarmingWriter(context, shared, dedicated, epoch, monitor);
      if (!hot.isEmpty()) {
        load(context, monitor, writer, hot::contains);
      }
      load(context, monitor, writer, key -> !hot.contains(key));
      return StoresSummary.of(new StoresSummary.Redis(remember(context, writer.summary()).keys()));
    }
  }

  /** The intent is on record before the first key is written, and after there was none. */
  private void announce(MigrationContext context, Cache dedicated) {
    String migrationId = context.migrationId();
    if (journal.intended(migrationId, RedisNames.STORE, RedisNames.CACHE)) {
      return;
    }
    Optional<String> foreign = ForeignKeys.any(dedicated);
    if (foreign.isPresent()) {
      throw new MigrationException(
          FailureType.TARGET_NOT_EMPTY,
          ("The dedicated Redis already contains keys, such as %s, so somebody else"
                  + " uses it. Name another one as redis.target.uri.")
              .formatted(foreign.get()));
    }
    journal.intend(migrationId, RedisNames.STORE, RedisNames.CACHE);
  }

  /**
   * Takes the right to write, then looks whether an eviction has begun or the cache is the
   * tenant's: who ends the warming does it in the other order, so that one of the two sees the
   * other.
   */
  static String begin(
      MigrationJournal journal, MigrationContext context, WarmedKeys warmed, Attempt attempt) {
    if (!warmed.grant(attempt)) {
      throw WarmingWriter.superseded();
    }
    boolean evicted =
        journal
            .recall(context.migrationId(), RedisNames.STORE, RedisNames.EVICTED_NOTE, Boolean.class)
            .isPresent();
    if (evicted) {
      warmed.revoke();
      throw new MigrationException(
          FailureType.WORK_ENDED,
          "The keys that this migration warmed in the dedicated Redis are being deleted.");
    }
    try {
      RedisNames.end(journal, context.migrationId()).requireNotNoted();
    } catch (MigrationException e) {
      warmed.revoke();
      throw e;
    }
    return WarmedKeys.epoch(attempt);
  }

  private void load(
      MigrationContext context,
      ProgressMonitor monitor,
      WarmingWriter writer,
      Predicate<String> wanted) {
    for (RedisSpec.Loader loader : context.spec(RedisSpec.class).warm()) {
      loaderRows.read(context, loader, wanted, monitor, entries -> writer.write(loader, entries));
    }
  }

  private WarmedSummary remember(MigrationContext context, WarmedSummary summary) {
    return journal.remember(
        context.migrationId(),
        RedisNames.STORE,
        RedisNames.WARMED_NOTE,
        WarmedSummary.class,
        () -> summary);
  }
}
