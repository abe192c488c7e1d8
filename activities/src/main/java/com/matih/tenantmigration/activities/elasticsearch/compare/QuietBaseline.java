package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant has in a shared index at one moment, so small that it can be kept: a write of any
 * kind makes it different.
 *
 * <p>Each shard numbers its writes in an order that only grows. A document that is written or
 * changed raises the highest number among the tenant's documents in its shard; one that is deleted,
 * or given to another tenant, lowers the count.
 *
 * @param uuid the index, should another one take its name
 * @param documents the tenant's documents by shard
 * @param highestWrites the highest number of a write among them by shard, -1 where there is none
 */
public record QuietBaseline(String uuid, List<Long> documents, List<Long> highestWrites) {

  public QuietBaseline {
    documents = List.copyOf(documents);
    highestWrites = List.copyOf(highestWrites);
  }

  /** Reads it, after a refresh. */
  public static QuietBaseline read(
      SearchCluster cluster, IndexDefinition index, String tenantField, String tenantKey) {
    Indices.refresh(cluster, index.name());
    return read(
        new RefreshedIndex(cluster, index.name(), index.uuid(), index.shards()),
        tenantField,
        tenantKey);
  }

  /** A shared index that has just been refreshed. */
  public record RefreshedIndex(SearchCluster cluster, String index, String uuid, int shards) {}

  /** Reads it without another refresh. */
  public static QuietBaseline read(RefreshedIndex refreshed, String tenantField, String tenantKey) {
    List<Long> documents = new ArrayList<>();
    List<Long> highest = new ArrayList<>();
    for (int shard = 0; shard < refreshed.shards(); shard++) {
      JsonNode hits =
          searchShard(refreshed.cluster(), refreshed.index(), shard, tenantField, tenantKey);
      documents.add(hits.path("total").path("value").asLong());
      highest.add(hits.path("hits").path(0).path("sort").path(0).asLong(-1));
    }
    return new QuietBaseline(refreshed.uuid(), documents, highest);
  }

  private static JsonNode searchShard(
      SearchCluster cluster, String index, int shard, String tenantField, String tenantKey) {
    ObjectNode search = Json.object();
    search.set("query", Queries.ofTenant(tenantField, tenantKey));
    search.putArray("sort").addObject().put("_seq_no", "desc");
    search.put("size", 1);
    search.put("_source", false);
    search.put("track_total_hits", true);
    return cluster
        .send(
            "read the tenant's last write in index " + index,
            "POST",
            "/%s/_search?allow_partial_search_results=false&preference=_shards:%d"
                .formatted(SearchCluster.encode(index), shard),
            search)
        .path("hits");
  }

  /** The tenant's documents in all shards. */
  public long total() {
    return documents.stream().mapToLong(Long::longValue).sum();
  }
}
