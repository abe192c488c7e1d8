package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.util.List;
import java.util.stream.Stream;

/** Looks for the settings by which a whole cluster accepts no writes. */
final class ClusterBlocks {

  private ClusterBlocks() {}

  /** Nothing if the cluster does not say; {@link Rights} reports a missing permission. */
  static List<Refusal> refusals(SearchCluster dedicated) {
    Answer answer =
        dedicated.exchange("return its settings", "GET", "/_cluster/settings?flat_settings=true");
    if (answer.isError()) {
      return List.of();
    }
    JsonNode settings = answer.json();
    return Stream.of("cluster.blocks.read_only", "cluster.blocks.read_only_allow_delete")
        .filter(block -> isSet(settings, block))
        .map(
            block ->
                new Refusal(
                    ElasticsearchNames.STORE,
                    dedicated.name(),
                    "The whole cluster accepts no writes: %s is set.".formatted(block),
                    "Free disk space if a disk is full, and remove the setting."))
        .toList();
  }

  /** A transient setting goes before a persistent one. */
  private static boolean isSet(JsonNode settings, String block) {
    JsonNode transientOne = settings.path("transient").path(block);
    JsonNode inForce =
        transientOne.isMissingNode() ? settings.path("persistent").path(block) : transientOne;
    return inForce.asText().equals("true");
  }
}
