package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the dedicated cluster may have as many shards as the new indices need in service ({@code
 * cluster.max_shards_per_node}): it counts those of all open indices, allocated or not.
 */
final class ShardLimit {

  private static final String SETTING = "cluster.max_shards_per_node";

  private final SearchCluster dedicated;

  ShardLimit(SearchCluster dedicated) {
    this.dedicated = dedicated;
  }

  /** Refuses indices that would be too many together; nothing if the cluster does not say. */
  void judge(Collection<IndexDefinition> toBeCreated, PlanNotes notes) {
    long needed = toBeCreated.stream().mapToLong(ShardLimit::shards).sum();
    Answer settings =
        dedicated.exchange(
            "return its settings",
            "GET",
            "/_cluster/settings?flat_settings=true&include_defaults=true");
    Answer health =
        dedicated.exchange(
            "count its shards", "GET", "/_cluster/health?expand_wildcards=open,hidden");
    if (needed == 0 || settings.isError() || health.isError()) {
      return;
    }
    long present =
        Stream.of("active_shards", "initializing_shards", "unassigned_shards")
            .mapToLong(kind -> health.json().path(kind).asLong())
            .sum();
    Optional<Long> limit =
        perNode(settings.json())
            .map(shards -> shards * health.json().path("number_of_data_nodes").asLong());
    if (limit.isPresent() && present + needed > limit.get()) {
      notes.refuse(
          dedicated.name(),
          "The new indices need %,d shards with their replicas, and the cluster has %,d of at most %,d (%s)."
              .formatted(needed, present, limit.get(), SETTING),
          "Raise the setting, add a node, or delete indices.");
    }
  }

  /** Replicas that follow the number of nodes do not count. */
  private static long shards(IndexDefinition index) {
    boolean expands = !index.setting("auto_expand_replicas").orElse("false").equals("false");
    long replicas =
        expands ? 0 : index.setting("number_of_replicas").map(Long::parseLong).orElse(1L);
    return index.shards() * (1 + replicas);
  }

  private static Optional<Long> perNode(JsonNode settings) {
    return Stream.of("transient", "persistent", "defaults")
        .map(scope -> settings.path(scope).path(SETTING))
        .filter(value -> value.asText("").matches("\\d{1,9}"))
        .map(JsonNode::asLong)
        .findFirst();
  }
}
