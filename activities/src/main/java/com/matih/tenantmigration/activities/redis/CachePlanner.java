package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ColumnTexts;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.redis.loaders.KeyPattern;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Looks at both caches before anything is changed, and names every problem at once. What a loader
 * will find is not known yet: the dedicated database does not exist. The keys counted are those
 * that the shared Redis holds for the tenant.
 */
public final class CachePlanner {

  private static final long LITTLE_MEMORY = 64L * 1024 * 1024;

  private final RedisConnections connections;
  private final ColumnTexts columnTexts;

  public CachePlanner(RedisConnections connections, ColumnTexts columnTexts) {
    this.connections = connections;
    this.columnTexts = columnTexts;
  }

  /** Changes nothing anywhere. A Redis that does not answer, or not to us, is a refusal. */
  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    Plan plan = new Plan();
    if (context.request().postgres() == null) {
      plan.notes.refuse(
          "warm",
          "The cache is warmed from the dedicated database, and the request names none.",
          "Add postgres, or leave redis out.");
    }
    plan.lookAtLoaders(spec);
    plan.notes.attempt(
        "redis.source",
        "Correct redis.source.",
        () -> {
          try (Cache shared = connections.shared(spec, monitor)) {
            plan.lookAtShared(shared, spec, loader -> keysOf(context, loader));
          }
        });
    plan.notes.attempt(
        "redis.target",
        "Correct redis.target.",
        () -> {
          try (Cache dedicated = connections.dedicated(spec, monitor)) {
            plan.lookAtDedicated(dedicated, context);
          }
        });
    return plan.findings();
  }

  /** Matches every key that a loader's rows can give. */
  private Pattern keysOf(MigrationContext context, RedisSpec.Loader loader) {
    return new KeyPattern(loader.key()).matching(columnTexts.of(context, loader.sql()));
  }

  /** One plan as it grows. */
  private static final class Plan {

    final PlanNotes notes = new PlanNotes(StoreName.REDIS);
    private long keys;
    private boolean isCounted;

    /** Without a number of keys where the shared Redis could not be asked. */
    PlanFindings findings() {
      return notes.findings(
          isCounted ? StoresSummary.of(new StoresSummary.Redis(keys)) : StoresSummary.NONE);
    }

    void lookAtLoaders(RedisSpec spec) {
      if (spec.warm().isEmpty()) {
        notes.warn("warm", "The request names no loaders, so the dedicated Redis stays cold.");
      }
      for (RedisSpec.Loader loader : spec.warm()) {
        if (loader.keyColumns().isEmpty()) {
          notes.refuse(
              loader.key(),
              "The key names no column, so all rows would have the same key.",
              "Name the columns that tell the keys apart, such as query:{id}.");
        }
        if (loader.ttl() != null && (loader.ttl().isNegative() || loader.ttl().isZero())) {
          notes.refuse(loader.key(), "Its ttl is not positive.", "Write a duration such as 1h.");
        }
        if (loader.key().startsWith(RedisNames.OWN_PREFIX)) {
          notes.refuse(
              loader.key(), "Keys of that name are the migration's own.", "Choose another key.");
        }
      }
    }

    void lookAtShared(Cache shared, RedisSpec spec, Function<RedisSpec.Loader, Pattern> keysOf) {
      SharedKeyTypes types = new SharedKeyTypes(shared, spec, keysOf);
      shared.call("answer", BaseRedisAsyncCommands::ping);
      if (ServerInfo.of(shared).isCluster()) {
        notes.warn(
            "shared Redis",
            "It is one node of a cluster: keys of other nodes are warmed without their hotness and"
                + " remaining time to live.");
      }
      KeyScan.walk(
          shared,
          spec.source().keyPrefix(),
          portion -> {
            if (keys == 0) {
              askAbout(shared, portion.get(0));
            }
            keys += portion.size();
            types.look(portion);
            return true;
          });
      types.judge(notes);
      isCounted = true;
    }

    /** The questions that the warming will ask, asked once, to learn whether we may. */
    private static void askAbout(Cache shared, String key) {
      shared.call("return how long a key lives", redis -> redis.pttl(key));
      boolean byFrequency =
          shared.tryCall("return how hot a key is", redis -> redis.objectFreq(key)).isPresent();
      if (!byFrequency) {
        shared.call("return how hot a key is", redis -> redis.objectIdletime(key));
      }
    }

    void lookAtDedicated(Cache dedicated, MigrationContext context) {
      dedicated.call("answer", BaseRedisAsyncCommands::ping);
      ServerInfo info = ServerInfo.of(dedicated);
      if (info.isCluster()) {
        notes.refuse(
            "dedicated Redis",
            "It is a node of a cluster, and warming is atomic only on a single node.",
            "Name a Redis that is not clustered.");
        return;
      }
      if (info.isReplica()) {
        notes.refuse(
            "dedicated Redis", "It is a replica, which accepts no writes.", "Name its primary.");
      }
      dedicated.call(
          "run a script", redis -> redis.<Long>eval("return 1", ScriptOutputType.INTEGER));
      WarmingRights.examine(dedicated, context.spec(RedisSpec.class), context.migrationId(), notes);
      ForeignKeys.any(dedicated)
          .ifPresent(
              key ->
                  notes.refuse(
                      "dedicated Redis",
                      "It already contains keys, such as %s.".formatted(key),
                      "Name another one as redis.target.uri."));
      lookAtMemory(info);
    }

    private void lookAtMemory(ServerInfo info) {
      long most = info.number("maxmemory");
      if (most > 0 && info.number("used_memory") >= most) {
        notes.refuse(
            "dedicated Redis",
            "Its memory is full although it has no keys: it accepts no writes.",
            "Raise its maxmemory.");
        return;
      }
      String policy = info.get("maxmemory_policy").orElse("noeviction");
      if (most > 0 && most - info.number("used_memory") < LITTLE_MEMORY) {
        notes.warn(
            "dedicated Redis",
            policy.equals("noeviction")
                ? "It has little memory left, and refuses writes when it is full."
                : "It has little memory left, and evicts keys when it is full.");
      }
    }
  }

  /**
   * Looks for keys of the shared Redis that are of another type than the loader of the same name
   * writes: services that ask for a hash fail on a string.
   */
  private static final class SharedKeyTypes {

    private final Cache shared;
    private final String prefix;
    private final Map<RedisSpec.Loader, Pattern> loaders = new LinkedHashMap<>();
    private final Map<RedisSpec.Loader, Others> others = new LinkedHashMap<>();
    private boolean isForbidden;

    SharedKeyTypes(Cache shared, RedisSpec spec, Function<RedisSpec.Loader, Pattern> keysOf) {
      this.shared = shared;
      this.prefix = spec.source().keyPrefix();
      spec.warm().forEach(loader -> loaders.put(loader, keysOf.apply(loader)));
    }

    /** Looks at some keys, which begin with the prefix. */
    void look(List<String> keys) {
      List<String> loaded = keys.stream().filter(key -> !loadersOf(key).isEmpty()).toList();
      if (loaded.isEmpty() || isForbidden) {
        return;
      }
      String first = loaded.get(0);
      if (shared.tryCall("return a key's type", redis -> redis.type(first)).isEmpty()) {
        isForbidden = true;
        return;
      }
      List<String> types =
          shared.batch("return keys' types", loaded, key -> key, (redis, key) -> redis.type(key));
      for (int i = 0; i < loaded.size(); i++) {
        String key = loaded.get(i);
        String type = types.get(i);
        // a key may have expired meanwhile
        if (!type.equals("none")) {
          loadersOf(key).stream()
              .filter(loader -> !type.equals(loader.type().key()))
              .forEach(
                  loader -> others.computeIfAbsent(loader, any -> new Others(key, type)).count++);
        }
      }
    }

    private List<RedisSpec.Loader> loadersOf(String key) {
      String own = key.substring(prefix.length());
      List<RedisSpec.Loader> matching = new ArrayList<>();
      loaders.forEach(
          (loader, pattern) -> {
            if (pattern.matcher(own).matches()) {
              matching.add(loader);
            }
          });
      return matching;
    }

    void judge(PlanNotes notes) {
      if (isForbidden) {
        notes.warn(
            "shared Redis",
            "The user may not run TYPE there, so it is not known whether the loaders write keys of"
                + " the type that services expect.");
      }
      others.forEach(
          (loader, found) ->
              notes.refuse(
                  loader.key(),
                  "The loader writes keys of the type %s, but the shared Redis has %s of its name of another type, such as %s (%s): services would get WRONGTYPE."
                      .formatted(
                          loader.type().key(),
                          Units.plural(found.count, "key"),
                          found.example,
                          found.type),
                  "Correct its type or its key, or leave the loader out, so that services fill these"
                      + " keys themselves."));
    }

    /** Keys of one loader's name that are of another type. */
    private static final class Others {

      private final String example;
      private final String type;
      private long count;

      Others(String example, String type) {
        this.example = example;
        this.type = type;
      }
    }
  }
}
