package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import io.lettuce.core.SetArgs;

/** A fault in the dedicated cache. */
final class CacheFaults {

  private static final String FOREIGN_KEY = "query:0";

  private CacheFaults() {}

  /** The key stays and lives as long; its value is another tenant's. */
  static void cacheAnothersValue(Scene scene) {
    String answer =
        RedisClients.with(
            scene.sides().dedicated().redisUri(),
            connection -> {
              String key =
                  connection.sync().keys("query:*").stream()
                      .sorted()
                      .findFirst()
                      .orElseThrow(() -> new StoreException("nothing was warmed"));
              return connection
                  .sync()
                  .set(key, "a query of " + scene.neighbour().id(), SetArgs.Builder.keepttl());
            });
    if (!"OK".equals(answer)) {
      throw new StoreException("the fault's value was not cached: " + answer);
    }
  }

  static void cacheWhatNoLoaderGives(Scene scene) {
    String answer =
        RedisClients.with(
            scene.sides().dedicated().redisUri(),
            connection -> connection.sync().set(FOREIGN_KEY, "nobody's", SetArgs.Builder.nx()));
    if (!"OK".equals(answer)) {
      throw new StoreException("the fault's key was not cached: " + answer);
    }
  }

  static void forgetWhatNoLoaderGives(Scene scene) {
    long deleted =
        RedisClients.with(
            scene.sides().dedicated().redisUri(), connection -> connection.sync().del(FOREIGN_KEY));
    if (deleted != 1) {
      throw new StoreException("the fault's key was gone before it was deleted");
    }
  }
}
