package com.matih.tenantmigration.devstack.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Reads all documents that an index holds now, with their versions and routing. */
public final class IndexScan {

  private static final int PAGE = 2_000;

  private IndexScan() {}

  /** Refreshes the index and hands over each hit, in no order that means anything. */
  public static void read(ElasticsearchHttp elasticsearch, String index, Consumer<JsonNode> taker) {
    elasticsearch.send("POST", "/" + index + "/_refresh");
    String id = elasticsearch.send("POST", "/" + index + "/_pit?keep_alive=1m").path("id").asText();
    try {
      ObjectNode search = ElasticsearchHttp.JSON.createObjectNode();
      search.put("size", PAGE).put("version", true).put("track_total_hits", false);
      search.putObject("pit").put("id", id).put("keep_alive", "1m");
      search.putArray("sort").add("_shard_doc");
      JsonNode hits = page(elasticsearch, search);
      while (!hits.isEmpty()) {
        hits.forEach(taker);
        search.set("search_after", hits.get(hits.size() - 1).path("sort"));
        hits = page(elasticsearch, search);
      }
    } finally {
      elasticsearch.send(
          "DELETE", "/_pit", ElasticsearchHttp.JSON.createObjectNode().put("id", id).toString());
    }
  }

  private static JsonNode page(ElasticsearchHttp elasticsearch, ObjectNode search) {
    return elasticsearch.send("POST", "/_search", search.toString()).path("hits").path("hits");
  }
}
