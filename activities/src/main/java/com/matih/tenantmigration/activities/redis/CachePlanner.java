package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at both caches before anything is changed, and names every problem at once. What a loader
 * will find is not known yet: the dedicated database does not exist. The keys counted are those
 * that the shared Redis holds for the tenant.
 */
public final class CachePlanner {

  private static final long LITTLE_MEMORY = 64L * 1024 * 1024;

  private final RedisConnections connections;

  public CachePlanner(RedisConnections connections) {
    this.connections = connections;
  }

  /** Changes nothing anywhere. A Redis that does not answer, or not to us, is a refusal. */
  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    Plan plan = new Plan();
    if (context.request().postgres() == null) {
      plan.refuse(
          "warm",
          "the cache is warmed from the dedicated database, and the request names none",
          "add postgres, or leave redis out");
    }
    plan.lookAtLoaders(spec);
    plan.unlessRefused(
        "redis.source",
        () -> {
          try (Cache shared = connections.shared(spec, monitor)) {
            plan.lookAtShared(shared, spec.source().keyPrefix());
          }
        });
    plan.unlessRefused(
        "redis.target",
        () -> {
          try (Cache dedicated = connections.dedicated(spec, monitor)) {
            plan.lookAtDedicated(dedicated);
          }
        });
    return plan.findings();
  }

  /** One plan as it grows. */
  private static final class Plan {

    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();
    private long keys;
    private boolean isCounted;

    /** Without a number of keys where the shared Redis could not be asked. */
    PlanFindings findings() {
      return new PlanFindings(
          isCounted ? StoresSummary.of(new StoresSummary.Redis(keys)) : StoresSummary.NONE,
          refusals,
          warnings);
    }

    void unlessRefused(String object, Runnable look) {
      try {
        look.run();
      } catch (MigrationException e) {
        AskedToStop.rethrow(e);
        refusals.add(
            Refusal.of(
                RedisNames.STORE,
                object,
                String.valueOf(e.getMessage()),
                "Correct %s.".formatted(object)));
      }
    }

    void lookAtLoaders(RedisSpec spec) {
      if (spec.warm().isEmpty()) {
        warn("warm", "the request names no loaders, so the dedicated Redis stays cold");
      }
      for (RedisSpec.Loader loader : spec.warm()) {
        if (loader.keyColumns().isEmpty()) {
          refuse(
              loader.key(),
              "the key names no column, so all rows would have the same key",
              "name the columns that tell the keys apart, such as query:{id}");
        }
        if (loader.ttl() != null && (loader.ttl().isNegative() || loader.ttl().isZero())) {
          refuse(loader.key(), "its ttl is not positive", "write a duration such as 1h");
        }
        if (loader.key().startsWith(RedisNames.OWN_PREFIX)) {
          refuse(loader.key(), "keys of that name are the migration's own", "choose another key");
        }
      }
    }

    void lookAtShared(Cache shared, String prefix) {
      shared.call("answer", BaseRedisAsyncCommands::ping);
      if (ServerInfo.of(shared).isCluster()) {
        warn(
            "shared Redis",
            "it is one node of a cluster: keys of other nodes are warmed without their hotness and"
                + " remaining time to live");
      }
      KeyScan.walk(
          shared,
          prefix,
          portion -> {
            if (keys == 0) {
              askAbout(shared, portion.get(0));
            }
            keys += portion.size();
            return true;
          });
      isCounted = true;
    }

    /** The questions that the warming will ask, asked once, to learn whether we may. */
    private static void askAbout(Cache shared, String key) {
      shared.call("say how long a key has to live", redis -> redis.pttl(key));
      boolean byFrequency =
          shared.tryCall("say how hot a key is", redis -> redis.objectFreq(key)).isPresent();
      if (!byFrequency) {
        shared.call("say how hot a key is", redis -> redis.objectIdletime(key));
      }
    }

    void lookAtDedicated(Cache dedicated) {
      dedicated.call("answer", BaseRedisAsyncCommands::ping);
      ServerInfo info = ServerInfo.of(dedicated);
      if (info.isCluster()) {
        refuse(
            "dedicated Redis",
            "it is a node of a cluster, and warming is atomic only on a single node",
            "name a Redis that is not clustered");
        return;
      }
      if (info.isReplica()) {
        refuse("dedicated Redis", "it is a replica, which accepts no writes", "name its primary");
      }
      dedicated.call(
          "run a script", redis -> redis.<Long>eval("return 1", ScriptOutputType.INTEGER));
      ForeignKeys.any(dedicated)
          .ifPresent(
              key ->
                  refuse(
                      "dedicated Redis",
                      "it already contains keys, such as " + key,
                      "name another one as redis.target.uri"));
      lookAtMemory(info);
    }

    private void lookAtMemory(ServerInfo info) {
      long most = info.number("maxmemory");
      if (most > 0 && info.number("used_memory") >= most) {
        refuse(
            "dedicated Redis",
            "its memory is full although it has no keys: it accepts no writes",
            "raise its maxmemory");
        return;
      }
      String policy = info.get("maxmemory_policy").orElse("noeviction");
      if (most > 0 && most - info.number("used_memory") < LITTLE_MEMORY) {
        warn(
            "dedicated Redis",
            policy.equals("noeviction")
                ? "it has little memory left, and refuses writes when it is full"
                : "it has little memory left, and evicts keys when it is full");
      }
    }

    void refuse(String object, String reason, String remedy) {
      refusals.add(new Refusal(RedisNames.STORE, object, reason, remedy));
    }

    private void warn(String object, String message) {
      warnings.add(new Warning(RedisNames.STORE, object, message));
    }
  }
}
