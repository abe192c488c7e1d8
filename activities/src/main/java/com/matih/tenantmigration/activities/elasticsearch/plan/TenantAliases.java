package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;

/**
 * Which aliases of a shared index are migrated to the tenant's own: those without a filter, which
 * show the whole index, and those whose filter is this tenant. An alias with any other filter may
 * be another tenant's view and stays behind.
 */
public final class TenantAliases {

  private TenantAliases() {}

  /** Whether an alias is migrated, by its definition on the shared index. */
  static boolean isMigrated(JsonNode alias, String tenantField, String tenantKey) {
    JsonNode filter = alias.path("filter");
    if (filter.isMissingNode() || filter.isEmpty()) {
      return true;
    }
    JsonNode value = filter.path("term").path(tenantField);
    String text = value.isObject() ? value.path("value").asText("") : value.asText("");
    return filter.size() == 1 && filter.path("term").size() == 1 && text.equals(tenantKey);
  }

  /**
   * The aliases to create an index with: those that are migrated and whose names the cluster has
   * not given to something else.
   */
  public static ObjectNode select(
      IndexDefinition source,
      String target,
      String tenantField,
      String tenantKey,
      SearchCluster dedicated) {
    ObjectNode selected = Json.object();
    source
        .aliases()
        .properties()
        .forEach(
            alias -> {
              if (isMigrated(alias.getValue(), tenantField, tenantKey)
                  && !alias.getKey().equals(target)
                  && Indices.resolve(dedicated, alias.getKey()).isEmpty()) {
                selected.set(alias.getKey(), alias.getValue());
              }
            });
    return selected;
  }
}
