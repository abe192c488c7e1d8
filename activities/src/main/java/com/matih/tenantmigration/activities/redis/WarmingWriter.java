package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.redis.loaders.LoadedEntry;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Writes one attempt's keys into the dedicated Redis, batch by batch. */
final class WarmingWriter {

  private static final long NO_SUCH_KEY = -2;
  private static final long NO_EXPIRY = -1;

  /** A Redis refuses a time that its clock added to it does not fit a number of 64 bits. */
  private static final long LONGEST = Long.MAX_VALUE / 4;

  private final MigrationContext context;
  private final Cache shared;
  private final Cache dedicated;
  private final String epoch;
  private final ProgressMonitor monitor;
  private final String script;
  private long keys;
  private long repeated;

  WarmingWriter(
      MigrationContext context,
      Cache shared,
      Cache dedicated,
      String epoch,
      ProgressMonitor monitor) {
    this.context = context;
    this.shared = shared;
    this.dedicated = dedicated;
    this.epoch = epoch;
    this.monitor = monitor;
    this.script = dedicated.call("take the script", redis -> redis.scriptLoad(WarmingScript.TEXT));
  }

  static MigrationException superseded() {
    return new MigrationException(
        FailureType.WRITER_SUPERSEDED,
        "A newer attempt is warming the dedicated Redis, or its warmed keys are being deleted.");
  }

  WarmedSummary summary() {
    return new WarmedSummary(keys, repeated);
  }

  void write(RedisSpec.Loader loader, List<LoadedEntry> entries) {
    String prefix = context.spec(RedisSpec.class).source().keyPrefix();
    List<Long> remaining =
        remaining(shared, entries.stream().map(entry -> prefix + entry.key()).toList());
    List<Timed> timed = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      timed.add(new Timed(entries.get(i), timeToLive(remaining.get(i), loader.ttl())));
    }
    List<Long> answers =
        DurableAct.WRITE_KEYS.call(
            () -> dedicated.batch("warm keys", timed, each -> each.entry().key(), this::send));
    for (int i = 0; i < answers.size(); i++) {
      count(entries.get(i), WarmingScript.Outcome.of(answers.get(i)));
    }
    monitor.update(new Progress(keys, -1, "keys", loader.key()));
  }

  /**
   * How long keys have left in the shared Redis, as it answers. It does not have those that another
   * node of a cluster has.
   */
  static List<Long> remaining(Cache shared, List<String> keys) {
    return shared.batchHere(
        "return how long keys live", keys, (redis, key) -> redis.pttl(key), NO_SUCH_KEY);
  }

  /**
   * How long a key lives, in milliseconds, 0 for ever: as long as it has left in the shared Redis.
   * One that the shared Redis does not have, or keeps for ever, lives as long as the loader says: a
   * copy that is never renewed by its age would outlive what it was made from.
   */
  static long timeToLive(long remaining, @Nullable Duration loaders) {
    if (remaining == NO_SUCH_KEY || remaining == NO_EXPIRY) {
      return loaders == null ? 0 : Math.max(1, loaders.toMillis());
    }
    return Math.max(1, Math.min(remaining, LONGEST));
  }

  private Future<Long> send(RedisAsyncCommands<String, byte[]> redis, Timed timed) {
    String migrationId = context.migrationId();
    String[] names = {
      RedisNames.epochKey(migrationId), RedisNames.warmedKey(migrationId), timed.entry().key()
    };
    return redis.evalsha(
        script,
        ScriptOutputType.INTEGER,
        names,
        ContentScript.arguments(timed.entry(), epoch, Long.toString(timed.millis())));
  }

  private void count(LoadedEntry entry, WarmingScript.Outcome outcome) {
    switch (outcome) {
      case WARMED -> keys++;
      case REPEATED -> {
        requireOneRow(entry);
        repeated++;
      }
      case SUPERSEDED -> throw superseded();
      case FOREIGN -> throw foreign(entry);
      case CONTRADICTED -> throw contradicted(entry);
    }
  }

  static MigrationException foreign(LoadedEntry entry) {
    return new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        ("The dedicated Redis has a key %s that this migration did not write."
                + " Find out who writes to it.")
            .formatted(entry.key()));
  }

  /** Who has several rows in one key has them together, or the rest would be lost. */
  static void requireOneRow(LoadedEntry entry) {
    if (!entry.type().isOneRow()) {
      throw contradicted(entry);
    }
  }

  static MigrationException contradicted(LoadedEntry entry) {
    if (!entry.type().isOneRow()) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          ("The rows of the key %s (%s) do not follow each other, or two loaders give it. Order the"
                  + " loader's query by the columns of its key first.")
              .formatted(entry.key(), entry.type().key()));
    }
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The loaders have two rows for the key %s with different values. Make"
                + " their queries return one row for each key.")
            .formatted(entry.key()));
  }

  private record Timed(LoadedEntry entry, long millis) {}
}
