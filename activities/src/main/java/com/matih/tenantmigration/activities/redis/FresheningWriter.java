package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.redis.loaders.LoadedEntry;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Compares one attempt's keys with the dedicated Redis, batch by batch, and writes what differs.
 */
final class FresheningWriter {

  private final MigrationContext context;
  private final Cache shared;
  private final Cache dedicated;
  private final String epoch;
  private final ProgressMonitor monitor;
  private final Finding finding;
  private final WarmedKeys warmed;
  private final boolean evicting;
  private final String script;
  private long same;
  private long written;
  private long repeated;
  private long evicted;

  FresheningWriter(
      MigrationContext context,
      Cache shared,
      Cache dedicated,
      String epoch,
      ProgressMonitor monitor,
      Finding finding) {
    this.context = context;
    this.shared = shared;
    this.dedicated = dedicated;
    this.epoch = epoch;
    this.monitor = monitor;
    this.finding = finding;
    this.warmed = new WarmedKeys(dedicated, context.migrationId());
    this.evicting = ServerInfo.of(dedicated).number("evicted_keys") > 0;
    this.script = dedicated.call("take the script", redis -> redis.scriptLoad(FreshenScript.TEXT));
  }

  /** How many keys the loaders gave, and how often one again. */
  WarmedSummary summary() {
    return new WarmedSummary(same + written + evicted, repeated);
  }

  /** How many keys there were when each was compared or written. */
  long present() {
    return same + written;
  }

  void write(RedisSpec.Loader loader, List<LoadedEntry> entries) {
    List<Timed> missing = new ArrayList<>();
    List<LoadedEntry> toCheck = new ArrayList<>();
    send(entries.stream().map(entry -> new Timed(entry, "")).toList(), missing, toCheck);
    if (!missing.isEmpty()) {
      send(timed(loader, missing), new ArrayList<>(), toCheck);
    }
    check(toCheck);
    monitor.update(
        new Progress(
            same + written + evicted,
            -1,
            "keys",
            "freshening %s, %,d written".formatted(loader.key(), written)));
  }

  /** A key that is warmed anew lives as long as one that is warmed first. */
  private List<Timed> timed(RedisSpec.Loader loader, List<Timed> missing) {
    String prefix = context.spec(RedisSpec.class).source().keyPrefix();
    List<Long> remaining =
        WarmingWriter.remaining(
            shared, missing.stream().map(each -> prefix + each.entry().key()).toList());
    List<Timed> timed = new ArrayList<>(missing.size());
    for (int i = 0; i < missing.size(); i++) {
      long millis = WarmingWriter.timeToLive(remaining.get(i), loader.ttl());
      timed.add(new Timed(missing.get(i).entry(), Long.toString(millis)));
    }
    return timed;
  }

  private void send(List<Timed> entries, List<Timed> missing, List<LoadedEntry> toCheck) {
    List<Long> answers =
        DurableAct.WRITE_KEYS.call(
            () ->
                dedicated.batch(
                    "freshen keys", entries, each -> each.entry().key(), this::command));
    for (int i = 0; i < answers.size(); i++) {
      Timed each = entries.get(i);
      switch (FreshenScript.Outcome.of(answers.get(i))) {
        case SUPERSEDED -> throw WarmingWriter.superseded();
        case SAME -> same++;
        case FOREIGN -> throw WarmingWriter.foreign(each.entry());
        case WRITTEN -> {
          written++;
          toCheck.add(each.entry());
        }
        case REPEATED -> {
          WarmingWriter.requireOneRow(each.entry());
          repeated++;
        }
        case CONTRADICTED -> throw WarmingWriter.contradicted(each.entry());
        case MISSING -> missing.add(each);
        case EVICTED -> evicted++;
      }
    }
  }

  private Future<Long> command(RedisAsyncCommands<String, byte[]> redis, Timed timed) {
    String migrationId = context.migrationId();
    String[] names = {
      RedisNames.epochKey(migrationId),
      RedisNames.warmedKey(migrationId),
      RedisNames.seenKey(migrationId),
      timed.entry().key()
    };
    return redis.evalsha(
        script,
        ScriptOutputType.INTEGER,
        names,
        ContentScript.arguments(timed.entry(), epoch, timed.millis(), evicting ? "1" : "0"));
  }

  /** Reads what was written again; a key may be gone because its time has come. */
  private void check(List<LoadedEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<Optional<String>> differences = StoredContent.differences(dedicated, entries);
    for (int i = 0; i < entries.size(); i++) {
      String key = entries.get(i).key();
      differences
          .get(i)
          .filter(what -> !what.equals(StoredContent.MISSING) || !(evicting || warmed.isOver(key)))
          .ifPresent(what -> finding.mismatch("cache key %s %s".formatted(key, what)));
    }
  }

  /**
   * An entry and its time to live if it is missing.
   *
   * @param millis empty where that is not known yet
   */
  private record Timed(LoadedEntry entry, String millis) {}
}
