package com.matih.tenantmigration.benchmarks.redis;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Contender;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Step;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.RedisServer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The least that a warming can cost: the rows by a cursor, and SET in a pipeline. */
final class Pipeline implements Contender {

  private static final int BATCH = 500;
  private static final SetArgs HOUR = SetArgs.Builder.ex(3600);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final RedisBench bench;
  private final StoreServers servers;
  private final RedisClient client;

  Pipeline(RedisBench bench, StoreServers servers, RedisClient client) {
    this.bench = bench;
    this.servers = servers;
    this.client = client;
  }

  @Override
  public String name() {
    return "Lettuce pipeline";
  }

  @Override
  public List<Step> steps(String target) {
    return List.of(new Step(name(), this::warm));
  }

  private void warm() throws SQLException {
    try (Connection connection = bench.connect();
        StatefulRedisConnection<String, String> redis =
            client.connect(RedisBench.redis(servers.dedicated(RedisServer.class)))) {
      connection.setAutoCommit(false);
      redis.setAutoFlushCommands(false);
      List<RedisFuture<String>> sent = new ArrayList<>();
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(BATCH);
        try (ResultSet rows = statement.executeQuery(RedisBench.SQL)) {
          while (rows.next()) {
            sent.add(
                redis.async().set(RedisBench.KEY + rows.getString(1), rows.getString(2), HOUR));
            if (sent.size() == BATCH) {
              await(redis, sent);
            }
          }
        }
      }
      await(redis, sent);
    }
  }

  private static void await(
      StatefulRedisConnection<String, String> redis, List<RedisFuture<String>> sent) {
    redis.flushCommands();
    if (!LettuceFutures.awaitAll(PATIENCE, sent.toArray(RedisFuture[]::new))) {
      throw new BenchmarkException("Redis does not answer.");
    }
    sent.clear();
  }
}
