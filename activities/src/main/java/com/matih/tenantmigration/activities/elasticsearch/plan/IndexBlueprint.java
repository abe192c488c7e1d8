package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import java.util.List;
import java.util.Set;

/**
 * What a dedicated index is created from: the shared index' own settings and mappings, without what
 * belongs to the shared cluster, set for loading, and marked.
 */
public final class IndexBlueprint {

  /**
   * Settings, or groups of them, that describe an index' birth, state or place, or that a cluster
   * gives alone ("private").
   */
  private static final List<String> NOT_TRANSFERABLE =
      List.of(
          "uuid",
          "history",
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
          "rollup",
          "downsample",
          "frozen",
          "search.throttled",
          "shard_limit",
          "fast_refresh",
          "xpack",
          "allocation",
          "recovery",
          "verified_before_close",
          "verified_read_only",
          "logsdb.add_host_name_field",
          "logsdb.sort_on_host_name",
          "auto_expand_replicas",
          // which nodes may hold the shards; routing_partition_size and routing_path, which are the
          // index' nature, are settings of their own beside it
          "routing",
          "store.snapshot",
          "soft_deletes.enabled",
          "mapping.nested_objects.limit",
          "write.wait_for_active_shards",
          "translog.durability");

  private IndexBlueprint() {}

  /**
   * The body of a request that creates the index.
   *
   * @param ignored as for {@link LenientMapping#loading}
   */
  public static ObjectNode create(
      IndexDefinition source, Set<String> ignored, String migrationId, ObjectNode aliases) {
    ObjectNode body = Json.object();
    body.putObject("settings").set("index", settings(source));
    body.set("mappings", mappings(source, ignored, migrationId));
    body.set("aliases", aliases);
    return body;
  }

  private static ObjectNode settings(IndexDefinition source) {
    ObjectNode settings = source.settings().deepCopy();
    NOT_TRANSFERABLE.forEach(setting -> remove(settings, setting));
    if (settings.at("/store/type").asText("").equals("snapshot")) {
      remove(settings, "store.type");
    }
    ObjectNode loading = RealSettings.forLoading();
    loading.remove("auto_expand_replicas");
    settings.setAll(loading);
    return settings;
  }

  private static void remove(ObjectNode settings, String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      settings.remove(name);
    } else if (settings.path(name.substring(0, dot)) instanceof ObjectNode group) {
      remove(group, name.substring(dot + 1));
    }
  }

  private static ObjectNode mappings(
      IndexDefinition source, Set<String> ignored, String migrationId) {
    ObjectNode mappings = LenientMapping.loading(source.mappings(), ignored);
    ObjectNode meta =
        mappings.path("_meta") instanceof ObjectNode present
            ? present
            : mappings.putObject("_meta");
    meta.put(IndexDefinition.MARK, migrationId);
    return mappings;
  }
}
