package com.matih.tenantmigration.benchmarks.redis;

import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresDedicatedRows;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.redis.CacheComparison;
import com.matih.tenantmigration.activities.redis.CacheWarmer;
import com.matih.tenantmigration.activities.redis.RedisConnections;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.benchmarks.stores.OwnDatabase;
import com.matih.tenantmigration.benchmarks.stores.OwnEngines;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** This program's warming and its check, as the activities run them. */
final class CacheEngines extends OwnEngines {

  private final StoreServers servers;
  private final SecretResolver secrets;
  private final PostgresDedicatedRows rows;

  CacheEngines(StoreServers servers) {
    this.servers = servers;
    this.secrets = SecretResolver.ofOperator(name -> servers.postgres().password());
    this.rows =
        new PostgresDedicatedRows(new QuerySessions(new PostgresConnections(secrets), null));
  }

  @Override
  protected MigrationContext prepare(String target) {
    MigrationContext context =
        OwnMigration.of(
            servers,
            """
            postgres:
              source: {url: "%s", user: %s, password: "${env:PASSWORD}"}
              target: {url: "%s", user: %s, password: "${env:PASSWORD}"}
              sourceSchema: shared
              tenantColumn: tenant_id
            redis:
              source: {uri: "%s", keyPrefix: "%s"}
              target: {uri: "%s"}
              warm: [{key: "%s{id}", sql: "%s", value: body, ttl: 1h}]
            """
                .formatted(
                    servers.postgres().jdbcUrl("elsewhere"),
                    servers.postgres().user(),
                    servers.postgres().jdbcUrl(RedisBench.DATABASE),
                    servers.postgres().user(),
                    servers.shared(RedisServer.class).uri(),
                    RedisBench.PREFIX,
                    servers.dedicated(RedisServer.class).uri(),
                    RedisBench.KEY,
                    RedisBench.SQL));
    return context;
  }

  @Override
  protected void copy(MigrationContext context) {
    var unused =
        new CacheWarmer(new RedisConnections(secrets), servers.journal(), new OwnDatabase(), rows)
            .warm(context, MONITOR);
  }

  @Override
  protected void check(MigrationContext context) {
    requirePassed(
        CheckName.CACHE_CONTENT,
        new CacheComparison(secrets, servers.journal(), new OwnDatabase(), rows)
            .compare(context, MONITOR));
  }
}
