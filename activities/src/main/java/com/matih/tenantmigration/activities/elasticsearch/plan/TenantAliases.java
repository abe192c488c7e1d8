package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.MigrationContext;

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
   * Whether the cluster has given an alias' name to something else than the indices of a migration:
   * an alias of several indices is given to each of them that moves.
   */
  static boolean isTaken(SearchCluster dedicated, String alias, String migrationId) {
    return Indices.resolve(dedicated, alias).stream()
        .anyMatch(index -> index.name().equals(alias) || !index.isMarkedBy(migrationId));
  }

  /**
   * The aliases to create an index with: those that are migrated and whose names the cluster has
   * not given to something else.
   */
  public static ObjectNode select(
      IndexDefinition source,
      String target,
      String tenantField,
      MigrationContext context,
      SearchCluster dedicated) {
    String tenantKey = context.request().tenantKey();
    ObjectNode selected = Json.object();
    source
        .aliases()
        .properties()
        .forEach(
            alias -> {
              if (isMigrated(alias.getValue(), tenantField, tenantKey)
                  && !alias.getKey().equals(target)
                  && !isTaken(dedicated, alias.getKey(), context.migrationId())) {
                selected.set(alias.getKey(), alias.getValue());
              }
            });
    return selected;
  }
}
