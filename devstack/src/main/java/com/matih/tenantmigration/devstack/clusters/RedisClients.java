package com.matih.tenantmigration.devstack.clusters;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.function.Function;

/** Plain Redis connections, each for one piece of work. */
public final class RedisClients {

  private RedisClients() {}

  /** Connects, does the work, and leaves no thread behind. */
  public static <T> T with(String uri, Function<StatefulRedisConnection<String, String>, T> work) {
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return work.apply(connection);
    } finally {
      client.shutdown();
    }
  }
}
