package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.workflow.report.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
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

  private void blockCluster(String block, String value) {
    dedicated.put("/_cluster/settings", "{\"persistent\":{\"%s\":%s}}".formatted(block, value));
  }
}
