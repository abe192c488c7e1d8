package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Warning;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A shared Redis that is a node of a cluster, of whose keys it has some only. */
class ClusteredCacheIT extends CacheLab {

  private static final int KEYS = 40;
  private static final int FIRST_SLOT_ELSEWHERE = 8192;

  @Test
  void keysOfOtherNodesAreWarmedAsIfTheSharedRedisDidNotHaveThem() {
    rows.fill(KEYS);
    try (RedisServer node =
            RedisServer.startClustered(ServerFolder.temporary("cache-cluster-"), "node");
        RedisClient client = RedisClient.create(node.uri())) {
      RedisCommands<String, String> commands = client.connect().sync();
      int here = fill(commands);
      MigrationContext clustered = context(node.uri(), loader("query:{id}", BY_ID));

      var planned = new CachePlanner(connections, rows.columnTexts()).plan(clustered, MONITOR);
      warmer.warm(clustered, MONITOR);

      assertThat(planned.refusals()).isEmpty();
      assertThat(planned.warnings())
          .extracting(Warning::message)
          .singleElement()
          .asString()
          .contains("keys of other nodes are warmed without their hotness");
      assertThat(ofTheSharedTime()).isEqualTo(here).isBetween(1, KEYS - 1);
      Finding finding = comparison.compare(clustered, MONITOR);
      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.comparedCount()).isEqualTo(KEYS);

      dedicated.flushall();
      warmer.warm(clustered, MONITOR);
      rows.execute("INSERT INTO queries SELECT i, 'x', 'new' FROM generate_series(41, 60) i");
      var drained =
          new CacheFreshener(connections, journal, guard, rows).freshen(clustered, MONITOR);

      assertThat(drained.checks()).extracting(CheckResult::compared).containsExactly(60L);
      assertThat(dedicated.get("query:60")).isEqualTo("new");
    }
  }

  /** Answers how many of the keys are this node's. */
  private static int fill(RedisCommands<String, String> node) {
    int here = 0;
    for (int i = 1; i <= KEYS; i++) {
      String key = "acme:query:" + i;
      if (node.clusterKeyslot(key) < FIRST_SLOT_ELSEWHERE) {
        here++;
        // a node that has just started takes no writes for two seconds
        await()
            .ignoreExceptions()
            .atMost(Duration.ofSeconds(30))
            .until(() -> node.set(key, "stale", SetArgs.Builder.ex(500)) != null);
      }
    }
    return here;
  }

  private int ofTheSharedTime() {
    int found = 0;
    for (int i = 1; i <= KEYS; i++) {
      long left = dedicated.ttl("query:" + i);
      assertThat(left).isPositive();
      if (left <= 500) {
        found++;
      }
    }
    return found;
  }
}
