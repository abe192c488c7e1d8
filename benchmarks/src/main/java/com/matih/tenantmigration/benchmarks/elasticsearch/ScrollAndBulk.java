package com.matih.tenantmigration.benchmarks.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Contender;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Step;
import java.io.IOException;
import java.util.List;

/**
 * A loop that reads a thousand documents by scroll and writes them by bulk, one after the other.
 */
final class ScrollAndBulk implements Contender {

  private static final int PAGE = 1_000;

  private final Cluster shared;
  private final Cluster dedicated;

  ScrollAndBulk(Cluster shared, Cluster dedicated) {
    this.shared = shared;
    this.dedicated = dedicated;
  }

  @Override
  public String name() {
    return "scroll and bulk";
  }

  @Override
  public List<Step> steps(String target) throws IOException, InterruptedException {
    var unused =
        dedicated.send(
            "PUT",
            "/" + target,
            "{\"settings\": {\"number_of_shards\": 2, \"number_of_replicas\": 0, \"refresh_interval\": \"-1\"}, %s}"
                .formatted(ElasticsearchBench.MAPPINGS));
    return List.of(new Step(name(), () -> copy(target)));
  }

  private void copy(String target) throws IOException, InterruptedException {
    JsonNode page =
        shared.send(
            "POST",
            "/%s/_search?scroll=1m".formatted(ElasticsearchBench.SHARED_INDEX),
            "{\"size\": %d, \"sort\": [\"_doc\"], \"query\": {\"term\": {\"tenant_id\": \"%s\"}}}"
                .formatted(PAGE, OwnMigration.TENANT));
    while (!page.at("/hits/hits").isEmpty()) {
      StringBuilder bulk = new StringBuilder();
      for (JsonNode hit : page.at("/hits/hits")) {
        ObjectNode action = Cluster.JSON.createObjectNode();
        action.putObject("index").put("_id", hit.path("_id").asText());
        bulk.append(action).append('\n').append(hit.path("_source")).append('\n');
      }
      JsonNode written = dedicated.send("POST", "/" + target + "/_bulk", bulk.toString());
      if (written.path("errors").asBoolean()) {
        throw new BenchmarkException("Elasticsearch refuses a document.");
      }
      page =
          shared.send(
              "POST",
              "/_search/scroll",
              Cluster.JSON
                  .createObjectNode()
                  .put("scroll", "1m")
                  .put("scroll_id", page.path("_scroll_id").asText())
                  .toString());
    }
    var unusedRefresh = dedicated.send("POST", "/" + target + "/_refresh", "");
  }
}
