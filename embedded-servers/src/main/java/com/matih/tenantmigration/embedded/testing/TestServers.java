package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.ServerFolder;

/**
 * Servers for tests, each started when a test of this JVM first asks for it and ended with the JVM.
 *
 * <p>Nobody closes them. Tests keep apart by names of their own: a new database, bucket, topic,
 * index or key prefix each.
 */
public final class TestServers {

  private static final Shared<ServerFolder> FOLDER =
      new Shared<>(() -> ServerFolder.temporary("tenant-migration-test-"));
  private static final Shared<PostgresServer> POSTGRES = postgres("shared-postgres");
  private static final Shared<PostgresServer> DEDICATED_POSTGRES = postgres("dedicated-postgres");
  private static final Shared<RedisServer> REDIS = redis("shared-redis");
  private static final Shared<RedisServer> DEDICATED_REDIS = redis("dedicated-redis");

  private TestServers() {}

  /** The PostgreSQL that tests take for the shared cluster. */
  public static PostgresServer postgres() {
    return POSTGRES.get();
  }

  /** The PostgreSQL that tests take for the tenant's own. */
  public static PostgresServer dedicatedPostgres() {
    return DEDICATED_POSTGRES.get();
  }

  /** The Redis that tests take for the shared one. */
  public static RedisServer redis() {
    return REDIS.get();
  }

  /** The Redis that tests take for the tenant's own. */
  public static RedisServer dedicatedRedis() {
    return DEDICATED_REDIS.get();
  }

  private static Shared<PostgresServer> postgres(String name) {
    return new Shared<>(() -> PostgresServer.start(FOLDER.get(), name));
  }

  private static Shared<RedisServer> redis(String name) {
    return new Shared<>(() -> RedisServer.start(FOLDER.get(), name));
  }
}
