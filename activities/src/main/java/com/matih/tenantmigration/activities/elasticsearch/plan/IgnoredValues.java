package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which fields of a shared index have ignored values of the tenant's documents, although their
 * mapping would refuse such values by now.
 */
public final class IgnoredValues {

  private static final int ASKED_AT_ONCE = 200;

  private IgnoredValues() {}

  /** The paths of those fields. */
  public static Set<String> find(SearchCluster shared, IndexDefinition source, ObjectNode tenant) {
    List<String> fields = new ArrayList<>();
    collect("", source.mappings(), fields);
    Set<String> ignored = new HashSet<>();
    for (int from = 0; from < fields.size(); from += ASKED_AT_ONCE) {
      List<String> some = fields.subList(from, Math.min(from + ASKED_AT_ONCE, fields.size()));
      JsonNode buckets =
          shared
              .send(
                  "look for ignored values in index " + source.name(),
                  "POST",
                  "/%s/_search?allow_partial_search_results=false"
                      .formatted(SearchCluster.encode(source.name())),
                  search(tenant, some))
              .at("/aggregations/fields/buckets");
      some.stream()
          .filter(field -> buckets.path(field).path("doc_count").asLong() > 0)
          .forEach(ignored::add);
    }
    return ignored;
  }

  private static ObjectNode search(ObjectNode tenant, List<String> fields) {
    ObjectNode search = Json.object().put("size", 0).put("track_total_hits", false);
    search.set("query", tenant);
    ObjectNode filters =
        search.putObject("aggs").putObject("fields").putObject("filters").putObject("filters");
    fields.forEach(field -> filters.putObject(field).putObject("term").put("_ignored", field));
    return search;
  }

  private static void collect(String prefix, JsonNode mapping, List<String> fields) {
    for (String children : List.of("properties", "fields")) {
      mapping
          .path(children)
          .properties()
          .forEach(
              child -> {
                JsonNode field = child.getValue();
                if (LenientMapping.refusesLongValues(field)
                    || LenientMapping.refusesMalformed(field)) {
                  fields.add(prefix + child.getKey());
                }
                collect(prefix + child.getKey() + ".", field, fields);
              });
    }
  }
}
