package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which documents the tenant has in the shared index, as far as that is refreshed. */
public final class KnownDocuments {

  private static final int MOST_DOCUMENTS = 10_000;

  private final SearchCluster shared;
  private final String index;
  private final ObjectNode tenant;
  private volatile int window;

  /**
   * The tenant's documents of an index.
   *
   * @param tenant the query for them
   */
  public KnownDocuments(SearchCluster shared, String index, ObjectNode tenant) {
    this.shared = shared;
    this.index = index;
    this.tenant = tenant;
  }

  /**
   * Those of the documents that the tenant does not have there under their id and routing; quick if
   * there are none.
   */
  public List<Hit> unknown(List<Hit> hits) {
    return hits.stream().allMatch(hit -> hit.routing() == null)
            && countUnrouted(hits) == hits.size()
        ? List.of()
        : missing(hits);
  }

  /** The same, if some are expected to be missing. */
  public List<Hit> missing(List<Hit> hits) {
    Set<List<String>> known = find(hits);
    return hits.stream().filter(hit -> !known.contains(identity(hit))).toList();
  }

  /** Of documents without routing there is at most one for each id. */
  private long countUnrouted(List<Hit> hits) {
    ObjectNode search = search(hits);
    ObjectNode bool = (ObjectNode) search.path("query").path("bool");
    bool.putObject("must_not").putObject("exists").put("field", "_routing");
    search.put("size", 0);
    search.put("track_total_hits", true);
    return send(search).path("total").path("value").asLong();
  }

  private Set<List<String>> find(List<Hit> hits) {
    ObjectNode search = search(hits);
    search.put("_source", false);
    search.put("size", window());
    search.put("track_total_hits", true);
    JsonNode answer = send(search);
    Set<List<String>> known = new HashSet<>();
    if (answer.path("total").path("value").asLong() > window() && hits.size() > 1) {
      // an id may be there with several routings
      known.addAll(find(hits.subList(0, hits.size() / 2)));
      known.addAll(find(hits.subList(hits.size() / 2, hits.size())));
      return known;
    }
    for (JsonNode hit : answer.path("hits")) {
      known.add(List.of(hit.path("_id").asText(), hit.path("_routing").asText("")));
    }
    return known;
  }

  /** How many documents one search may give. */
  private int window() {
    if (window == 0) {
      window =
          Indices.find(shared, index)
              .flatMap(found -> found.setting("max_result_window"))
              .map(Integer::parseInt)
              .map(allowed -> Math.min(allowed, MOST_DOCUMENTS))
              .orElse(MOST_DOCUMENTS);
    }
    return window;
  }

  private ObjectNode search(List<Hit> hits) {
    ObjectNode search = Json.object();
    ArrayNode filter = search.putObject("query").putObject("bool").putArray("filter");
    filter.add(tenant);
    ArrayNode ids = filter.addObject().putObject("ids").putArray("values");
    hits.forEach(hit -> ids.add(hit.id()));
    return search;
  }

  private JsonNode send(ObjectNode search) {
    return shared
        .send(
            "look for documents of index " + index,
            "POST",
            "/%s/_search?allow_partial_search_results=false".formatted(SearchCluster.encode(index)),
            search)
        .path("hits");
  }

  private static List<String> identity(Hit hit) {
    return List.of(hit.id(), hit.routing() == null ? "" : hit.routing());
  }
}
