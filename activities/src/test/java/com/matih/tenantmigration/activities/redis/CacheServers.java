package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * The Redis servers of one test class and a connection to each; they end with the JVM.
 *
 * @param frequencyServer a shared one that counts how often keys are read
 */
record CacheServers(
    RedisServer sharedServer,
    RedisServer frequencyServer,
    RedisServer dedicatedServer,
    RedisCommands<String, String> shared,
    RedisCommands<String, String> frequency,
    RedisCommands<String, String> dedicated) {

  private static final RedisClient CLIENT = RedisClient.create();

  static CacheServers start() {
    ServerFolder folder = ServerFolder.temporary("cache-it-");
    RedisServer shared = RedisServer.start(folder, "shared");
    RedisServer frequency = RedisServer.start(folder, "frequency", "allkeys-lfu");
    RedisServer dedicated = RedisServer.start(folder, "dedicated");
    return new CacheServers(
        shared, frequency, dedicated, connect(shared), connect(frequency), connect(dedicated));
  }

  private static RedisCommands<String, String> connect(RedisServer server) {
    return CLIENT.connect(RedisURI.create(server.uri())).sync();
  }
}
