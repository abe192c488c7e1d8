package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places that a request moves a tenant to, and whether a tenant's routes name them. One place
 * has many spellings: parameters, default ports and the order of hosts do not make it another one.
 *
 * <p>What the request names as source and as target alike tells nothing: the tenant's route names
 * it before and after. So it is with one cluster for both, and with buckets of one name on two
 * servers.
 */
final class DedicatedPlaces {

  private final MigrationRequest request;
  private final TenantConfig dedicated;

  /**
   * @param dedicated the tenant's configuration with its routes pointing at the request's targets
   */
  DedicatedPlaces(MigrationRequest request, TenantConfig dedicated) {
    this.request = request;
    this.dedicated = dedicated;
  }

  /** The columns of a configuration that name one of the places, with what they say. */
  List<String> namedBy(TenantConfig config) {
    List<String> named = new ArrayList<>(ownedNamedBy(config));
    KafkaSpec kafka = request.kafka();
    if (kafka != null
        && !share(kafka.source().bootstrapServers(), kafka.target().bootstrapServers())) {
      note(named, "kafka_bootstrap", config.kafkaBootstrap(), dedicated.kafkaBootstrap());
    }
    ElasticsearchSpec elasticsearch = request.elasticsearch();
    if (elasticsearch != null
        && !share(elasticsearch.source().url(), elasticsearch.target().url())) {
      note(named, "elasticsearch_url", config.elasticsearchUrl(), dedicated.elasticsearchUrl());
    }
    RedisSpec redis = request.redis();
    if (redis != null && !share(redis.source().uri(), redis.target().uri())) {
      note(named, "redis_url", config.redisUrl(), dedicated.redisUrl());
    }
    return named;
  }

  /** The same for the places that serve one tenant alone: its database and its place of objects. */
  List<String> ownedNamedBy(TenantConfig config) {
    List<String> named = new ArrayList<>();
    if (includeDatabaseOf(config)) {
      named.add("database_url is " + config.databaseUrl());
    }
    if (includeObjectsOf(config)) {
      named.add("object_storage_url is " + config.objectStorageUrl());
    }
    return named;
  }

  boolean includeDatabaseOf(TenantConfig config) {
    return request.postgres() != null
        && isSameDatabase(config.databaseUrl(), dedicated.databaseUrl());
  }

  boolean includeObjectsOf(TenantConfig config) {
    ObjectStorageSpec objects = request.objectStorage();
    return objects != null
        && !isBelow(objects.source().uri(), objects.target().uri())
        && isBelow(config.objectStorageUrl(), dedicated.objectStorageUrl());
  }

  private static void note(
      List<String> named, String column, @Nullable String route, @Nullable String place) {
    if (route != null && place != null && share(route, place)) {
      named.add("%s is %s".formatted(column, route));
    }
  }

  private static boolean isSameDatabase(@Nullable String one, @Nullable String other) {
    return one != null
        && other != null
        && ServerAddress.ofDatabase(one).overlapsByAddress(ServerAddress.ofDatabase(other));
  }

  private static boolean share(String one, String other) {
    return ServerAddress.of(one).overlaps(ServerAddress.of(other));
  }

  private static boolean isBelow(@Nullable String folder, @Nullable String place) {
    return folder != null && place != null && slashed(folder).startsWith(slashed(place));
  }

  /** With the delimiter at its end that people leave out. */
  private static String slashed(String uri) {
    return uri.endsWith("/") ? uri : uri + "/";
  }
}
