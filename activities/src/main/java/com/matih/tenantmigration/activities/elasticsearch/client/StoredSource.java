package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster is asked for documents' whole sources. Elasticsearch 9.2 and later leave vectors
 * out of what they answer unless told otherwise; earlier ones refuse to be told. So each cluster is
 * asked once whether it knows the option, whatever its version.
 */
final class StoredSource {

  private static final String OPTION = "exclude_vectors";
  private static final String PARAMETER = "_source_" + OPTION + "=false";

  private volatile @Nullable Boolean searchKnows;
  private volatile @Nullable Boolean lookupKnows;

  /** The {@code _source} of a search. */
  JsonNode ofSearch(SearchCluster cluster, String index) {
    Boolean knows = searchKnows;
    if (knows == null) {
      knows = isUnderstood(cluster, index, "/_search", search());
      searchKnows = knows;
    }
    return knows ? whole() : BooleanNode.TRUE;
  }

  /** The parameters of a multi-get, without a question mark; empty where there are none. */
  String ofLookup(SearchCluster cluster, String index) {
    Boolean knows = lookupKnows;
    if (knows == null) {
      knows = isUnderstood(cluster, index, "/_mget?" + PARAMETER, lookup());
      lookupKnows = knows;
    }
    return knows ? PARAMETER : "";
  }

  private static boolean isUnderstood(
      SearchCluster cluster, String index, String question, ObjectNode body) {
    String attempted = "say whether it leaves vectors out of the sources of index " + index;
    Answer answer =
        cluster.exchange(attempted, "POST", "/" + SearchCluster.encode(index) + question, body);
    return answer.status() != 400 && !cluster.require(attempted, answer).isError();
  }

  private static ObjectNode whole() {
    return Json.object().put(OPTION, false);
  }

  private static ObjectNode search() {
    ObjectNode search = Json.object().put("size", 0).put("track_total_hits", false);
    search.set("_source", whole());
    search.putObject("query").putObject("match_none");
    return search;
  }

  private static ObjectNode lookup() {
    ObjectNode lookup = Json.object();
    // with a routing, since an index may require one
    lookup.putArray("docs").addObject().put("_id", "-").put("routing", "-");
    return lookup;
  }
}
