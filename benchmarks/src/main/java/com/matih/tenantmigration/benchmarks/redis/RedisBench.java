package com.matih.tenantmigration.benchmarks.redis;

import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.stores.StoreBench;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.benchmarks.stores.StoreSizes;
import com.matih.tenantmigration.embedded.RedisServer;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Keys that are warmed from a table; half of them are in the shared cache as well. */
public final class RedisBench implements StoreBench {

  static final String DATABASE = "tenant";
  static final String KEY = "query:";
  static final String PREFIX = "acme:";
  static final String SQL = "SELECT id, body FROM cached ORDER BY id";

  private final StoreServers servers;
  private final StoreSizes sizes;
  private final RedisClient client = RedisClient.create();

  public RedisBench(StoreServers servers, StoreSizes sizes) {
    this.servers = servers;
    this.sizes = sizes;
  }

  @Override
  public String unit() {
    return "keys";
  }

  @Override
  public long amount() {
    return sizes.keys();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("keys", sizes.keys(), "valueBytes", 512, "rounds", sizes.rounds());
  }

  @Override
  public void seed() throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE cached AS SELECT i AS id, repeat(md5(i::text), 16) AS body"
              + " FROM generate_series(1, %d) i".formatted(sizes.keys()));
      statement.execute("ALTER TABLE cached ADD PRIMARY KEY (id)");
      statement.execute("ANALYZE cached");
    }
    try (StatefulRedisConnection<String, String> shared =
        client.connect(redis(servers.shared(RedisServer.class)))) {
      for (int i = 1; i <= sizes.keys(); i += 2) {
        shared.sync().set(PREFIX + KEY + i, "stale", SetArgs.Builder.ex(3600));
      }
    }
  }

  /** A connection to the database that the cache is warmed from. */
  Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        servers.postgres().jdbcUrl(database),
        servers.postgres().user(),
        servers.postgres().password());
  }

  static RedisURI redis(RedisServer server) {
    return RedisURI.create(server.uri());
  }

  @Override
  public List<Contender> contenders() {
    return List.of(new CacheEngines(servers), new Pipeline(this, servers, client));
  }

  @Override
  public List<Absence> absent() {
    return List.of();
  }

  @Override
  public long arrived(String target) {
    try (StatefulRedisConnection<String, String> dedicated =
        client.connect(redis(servers.dedicated(RedisServer.class)))) {
      long keys = 0;
      ScanCursor cursor = ScanCursor.INITIAL;
      while (!cursor.isFinished()) {
        KeyScanCursor<String> step =
            dedicated.sync().scan(cursor, ScanArgs.Builder.limit(1000).match(KEY + "*"));
        keys += step.getKeys().size();
        cursor = step;
      }
      return keys;
    }
  }

  @Override
  public void clear() {
    try (StatefulRedisConnection<String, String> dedicated =
        client.connect(redis(servers.dedicated(RedisServer.class)))) {
      dedicated.sync().flushall();
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
