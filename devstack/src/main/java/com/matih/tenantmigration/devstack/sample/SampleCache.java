package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.Side;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The tenants' cached queries in the shared cache, each with a time to live; some are hot. The
 * values are stale on purpose: a migration that copied them would be found out.
 */
public final class SampleCache {

  private static final int EVERY_HOT = 50;
  private static final int TOUCHES = 20;
  private static final Duration SHORTEST = Duration.ofMinutes(20);
  private static final int SPREAD_SECONDS = 3_600;

  private final Side shared;
  private final SampleSeed seed;

  public SampleCache(Side shared, SampleSeed seed) {
    this.shared = shared;
    this.seed = seed;
  }

  /** Writes all tenants' keys and reads the hot ones. */
  public void load() {
    boolean done =
        RedisClients.with(
            shared.redisUri(),
            connection -> {
              connection.setAutoFlushCommands(false);
              List<RedisFuture<?>> answers = new ArrayList<>();
              for (SampleTenant tenant : seed.size().tenants()) {
                answers.addAll(write(connection, tenant));
              }
              connection.flushCommands();
              return LettuceFutures.awaitAll(
                  Duration.ofSeconds(30), answers.toArray(RedisFuture[]::new));
            });
    if (!done) {
      throw new SampleDataException(
          "the sample's cached keys were not written in time", new IllegalStateException());
    }
  }

  private List<RedisFuture<?>> write(
      StatefulRedisConnection<String, String> connection, SampleTenant tenant) {
    List<RedisFuture<?>> answers = new ArrayList<>();
    for (int number = 1; number <= seed.size().of(tenant).cachedKeys(); number++) {
      String key = tenant.cachePrefix() + "query:" + tenant.rowId(number);
      Duration life =
          SHORTEST.plusSeconds(seed.random(tenant, "cache", number).nextInt(SPREAD_SECONDS));
      answers.add(connection.async().set(key, "stale value of " + key, SetArgs.Builder.ex(life)));
      for (int touch = 0; touch < TOUCHES && number % EVERY_HOT == 0; touch++) {
        answers.add(connection.async().get(key));
      }
    }
    return answers;
  }
}
