package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Reads documents of an index by id and routing, as they are now, refreshed or not. */
public final class DocumentLookup {

  private DocumentLookup() {}

  /** The documents of the index that have these identities, in the same order. */
  public static List<Hit> find(SearchCluster cluster, String index, List<Hit> wanted) {
    return find(
        cluster, index, wanted, "/_mget?" + cluster.storedSource().ofLookup(cluster, index));
  }

  /** The same without the documents' sources; routing is left out unless it is asked for. */
  public static List<Hit> findPlaces(SearchCluster cluster, String index, List<Hit> wanted) {
    return find(cluster, index, wanted, "/_mget?stored_fields=_routing");
  }

  private static List<Hit> find(
      SearchCluster cluster, String index, List<Hit> wanted, String question) {
    ObjectNode body = Json.object();
    ArrayNode docs = body.putArray("docs");
    for (Hit hit : wanted) {
      ObjectNode doc = docs.addObject().put("_id", hit.id());
      if (hit.routing() != null) {
        doc.put("routing", hit.routing());
      }
    }
    String attempted = "read documents of index " + index;
    Answer answer =
        cluster.exchange(attempted, "POST", "/" + SearchCluster.encode(index) + question, body);
    return HitPage.read(cluster.require(attempted, answer).bytes()).hits();
  }
}
