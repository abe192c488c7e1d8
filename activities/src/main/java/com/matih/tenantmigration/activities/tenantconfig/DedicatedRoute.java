package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant is served from after its migration. A store that the request leaves out keeps its
 * route; credentials never become part of a route.
 */
final class DedicatedRoute {

  private DedicatedRoute() {}

  /** The configuration with the routes of the request's stores pointing at the dedicated side. */
  static TenantConfig apply(MigrationRequest request, TenantConfig config) {
    return new TenantConfig(
        config.tenantId(),
        config.tier(),
        config.state(),
        request.postgres() == null ? config.databaseUrl() : request.postgres().target().url(),
        request.objectStorage() == null
            ? config.objectStorageUrl()
            : request.objectStorage().target().uri(),
        request.kafka() == null
            ? config.kafkaBootstrap()
            : request.kafka().target().bootstrapServers(),
        route(
            request.elasticsearch() == null ? null : request.elasticsearch().target().url(),
            config.elasticsearchUrl()),
        route(request.redis() == null ? null : request.redis().target().uri(), config.redisUrl()),
        config.version(),
        config.updatedAt());
  }

  private static @Nullable String route(@Nullable String target, @Nullable String present) {
    return target == null ? present : PublicAddress.of(target);
  }
}
