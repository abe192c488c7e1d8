package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.util.List;

/**
 * Looks for the settings by which a whole cluster accepts no writes, allocates no shards, or
 * refuses queries that the checks send.
 */
final class ClusterBlocks {

  private static final String REMOVE = "Free disk space if a disk is full, and remove the setting.";

  private static final List<Block> BLOCKS =
      List.of(
          new Block("cluster.blocks.read_only", "true", "accepts no writes", REMOVE),
          new Block("cluster.blocks.read_only_allow_delete", "true", "accepts no writes", REMOVE),
          new Block(
              "cluster.routing.allocation.enable",
              "none",
              "gives a new index no shards",
              "Remove the setting."),
          new Block(
              "search.allow_expensive_queries",
              "false",
              "refuses the queries by which TENANT_LEAK finds documents of several tenants",
              "Set it to true until the migration has ended."));

  private ClusterBlocks() {}

  /** Nothing if the cluster does not say; {@link Rights} reports a missing permission. */
  static List<Refusal> refusals(SearchCluster dedicated) {
    Answer answer =
        dedicated.exchange("return its settings", "GET", "/_cluster/settings?flat_settings=true");
    if (answer.isError()) {
      return List.of();
    }
    JsonNode settings = answer.json();
    return BLOCKS.stream()
        .filter(block -> block.isSet(settings))
        .map(block -> block.refusal(dedicated))
        .toList();
  }

  /** A setting that stands in the way with one of its values. */
  private record Block(String setting, String value, String effect, String remedy) {

    /** A transient setting goes before a persistent one. */
    boolean isSet(JsonNode settings) {
      JsonNode transientOne = settings.path("transient").path(setting);
      JsonNode inForce =
          transientOne.isMissingNode() ? settings.path("persistent").path(setting) : transientOne;
      return inForce.asText().equals(value);
    }

    Refusal refusal(SearchCluster dedicated) {
      return new Refusal(
          ElasticsearchNames.STORE,
          dedicated.name(),
          value.equals("true")
              ? "The whole cluster %s: %s is set.".formatted(effect, setting)
              : "The whole cluster %s: %s is %s.".formatted(effect, setting, value),
          remedy);
    }
  }
}
