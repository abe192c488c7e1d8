package com.matih.tenantmigration.activities.elasticsearch.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import java.util.List;

/**
 * What a dedicated index is created from: the shared index' own settings and mappings, without what
 * belongs to the shared cluster, set for loading, and marked.
 */
final class IndexBlueprint {

  /** Settings that describe an index' birth, state or place, none of which it can be given. */
  private static final List<String> NOT_TRANSFERABLE =
      List.of(
          "uuid",
          "history_uuid",
          "creation_date",
          "creation_date_string",
          "provided_name",
          "version",
          "blocks",
          "lifecycle",
          "resize",
          "shrink",
          "split",
          "frozen",
          "xpack",
          "allocation",
          "recovery",
          "verified_before_close",
          "auto_expand_replicas");

  private IndexBlueprint() {}

  /** The body of a request that creates the index. */
  static ObjectNode create(IndexDefinition source, String migrationId, ObjectNode aliases) {
    ObjectNode body = Json.object();
    body.putObject("settings").set("index", settings(source));
    body.set("mappings", mappings(source, migrationId));
    body.set("aliases", aliases);
    return body;
  }

  private static ObjectNode settings(IndexDefinition source) {
    ObjectNode settings = source.settings().deepCopy();
    settings.remove(NOT_TRANSFERABLE);
    // "routing" holds which nodes may hold the shards; routing_partition_size and routing_path,
    // which are the index' nature, are settings of their own beside it
    settings.remove("routing");
    if (settings.path("store") instanceof ObjectNode store) {
      store.remove("snapshot");
      if (store.path("type").asText("").equals("snapshot")) {
        store.remove("type");
      }
    }
    if (settings.path("soft_deletes") instanceof ObjectNode softDeletes) {
      softDeletes.remove("enabled");
    }
    if (settings.path("write") instanceof ObjectNode write) {
      write.remove("wait_for_active_shards");
    }
    if (settings.path("translog") instanceof ObjectNode translog) {
      translog.remove("durability");
    }
    ObjectNode loading = RealSettings.forLoading();
    loading.remove("auto_expand_replicas");
    settings.setAll(loading);
    return settings;
  }

  private static ObjectNode mappings(IndexDefinition source, String migrationId) {
    ObjectNode mappings = source.mappings().deepCopy();
    ObjectNode meta =
        mappings.path("_meta") instanceof ObjectNode present
            ? present
            : mappings.putObject("_meta");
    meta.put(IndexDefinition.MARK, migrationId);
    return mappings;
  }
}
