package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.workflow.report.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster that as a whole takes no writes, or too few. */
@Isolated("what it sets is the whole cluster's")
class ClusterSettingsIT extends IndexLab {

  @Test
  void aClusterThatIsBusyForAMomentIsWaitedFor() {
    index.fill(3_000);
    provisioner.provision(context, MONITOR);
    BusyMoment busy =
        new BusyMoment(() -> limitRequestsInFlight("\"4kb\""), () -> limitRequestsInFlight("null"));

    copier.copy(context, busy);

    assertThat(busy.isOver()).isTrue();
    assertThat(dedicated.count(index.to())).isEqualTo(3_000);
  }

  /** Beyond the limit the cluster answers 429, as it does when it has too much to do. */
  private void limitRequestsInFlight(String limit) {
    dedicated.put(
        "/_cluster/settings",
        "{\"transient\": {\"network.breaker.inflight_requests.limit\": %s}}".formatted(limit));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster.blocks.read_only", "cluster.blocks.read_only_allow_delete"})
  void aClusterThatTakesNoWritesIsRefusedByThePlan(String block) {
    index.fill(5);
    blockCluster(block, "true");
    try {
      assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals())
          .extracting(Refusal::toString)
          .singleElement()
          .asString()
          .contains("dedicated cluster", "accepts no writes: " + block + " is set");
    } finally {
      blockCluster(block, "null");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cluster.routing.allocation.enable, none, gives a new index no shards",
    "search.allow_expensive_queries, false, refuses the queries by which TENANT_LEAK"
  })
  void aClusterThatStandsInTheWayByASettingIsRefusedByThePlan(
      String setting, String value, String reason) {
    index.fill(5);
    blockCluster(setting, "\"%s\"".formatted(value));
    try {
      assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.object()).startsWith("dedicated cluster");
                assertThat(refusal.reason()).contains(reason, setting);
              });
    } finally {
      blockCluster(setting, "null");
    }
  }

  @Test
  void indicesThatWouldBeMoreShardsThanTheClusterMayHaveAreRefused() {
    index.fill(5);
    shared.put("/%s/_settings".formatted(index.from()), "{\"index.number_of_replicas\": 2}");
    JsonNode health = dedicated.get("/_cluster/health?expand_wildcards=open,hidden");
    long present =
        health.path("active_shards").asLong() + health.path("unassigned_shards").asLong();
    blockCluster("cluster.max_shards_per_node", Long.toString(present + 8));
    try {
      assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals())
          .extracting(Refusal::reason)
          .singleElement()
          .asString()
          .contains(
              "need 9 shards with their replicas",
              "at most %,d (cluster.max_shards_per_node)".formatted(present + 8));
      blockCluster("cluster.max_shards_per_node", Long.toString(present + 9));
      assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals()).isEmpty();
    } finally {
      blockCluster("cluster.max_shards_per_node", "null");
    }
  }

  /** A shared cluster is other people's, so its setting stays. */
  @Test
  void documentsOfSeveralTenantsAreFoundWhereASharedClusterRefusesRangesOfKeywords() {
    index.fill(5);
    shared.post(
        "/%s/_doc?refresh=true".formatted(index.from()),
        "{\"tenant_id\":[\"acme-tenant-id\",\"globex\",\"initech\"]}");
    String setting = "{\"persistent\":{\"search.allow_expensive_queries\":%s}}";
    shared.put("/_cluster/settings", setting.formatted("false"));
    try {
      assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals())
          .extracting(Refusal::reason)
          .singleElement()
          .asString()
          .contains("has 1 document of the tenant with another tenant's key beside its own");
    } finally {
      shared.put("/_cluster/settings", setting.formatted("null"));
    }
  }

  private void blockCluster(String block, String value) {
    dedicated.put("/_cluster/settings", "{\"persistent\":{\"%s\":%s}}".formatted(block, value));
  }
}
