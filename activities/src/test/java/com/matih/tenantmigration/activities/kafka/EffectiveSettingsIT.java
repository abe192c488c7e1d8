package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Shared topics without settings of their own, on a cluster with other defaults. */
@Isolated // every other test's topics have these defaults, too
class EffectiveSettingsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final ConfigResource EVERY_BROKER =
      new ConfigResource(ConfigResource.Type.BROKER, "");
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "log.retention.ms", "-1",
          "log.retention.bytes", "123456789",
          "message.max.bytes", "3000000",
          "log.roll.ms", "7200000",
          "compression.type", "gzip");
  private static final Map<String, String> OF_TOPICS =
      Map.of(
          "retention.ms", "-1",
          "retention.bytes", "123456789",
          "max.message.bytes", "3000000",
          "segment.ms", "7200000",
          "compression.type", "gzip");

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context();

  private void change(AlterConfigOp.OpType operation) {
    TestCluster.await(
        fixture
            .shared
            .admin
            .incrementalAlterConfigs(
                Map.of(
                    EVERY_BROKER,
                    DEFAULTS.entrySet().stream()
                        .map(
                            each ->
                                new AlterConfigOp(
                                    new ConfigEntry(each.getKey(), each.getValue()), operation))
                        .toList()))
            .all());
  }

  @AfterEach
  void close() {
    change(AlterConfigOp.OpType.DELETE);
    fixture.close();
  }

  @Test
  void whatTheSharedClusterGivesItsTopicsIsSetOnTheDedicatedTopic() {
    fixture.shared.createTopic(fixture.from, 1, Map.of("segment.bytes", "20000000"));
    change(AlterConfigOp.OpType.SET);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(fixture.shared.settings(fixture.from)).containsAllEntriesOf(OF_TOPICS));
    fixture.shared.send(List.of(record(fixture.from, 0, KafkaFixture.TENANT, "k", "v")));

    var findings = fixture.migration.plan(context, UNMONITORED);

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning).extracting(Warning::object).isEqualTo(fixture.to);
              assertThat(warning.message())
                  .contains("retention.ms=-1 (dedicated default: 604800000)")
                  .contains("retention.bytes=123456789 (dedicated default: -1)")
                  .contains("segment.ms=7200000 (dedicated default: 604800000)")
                  .doesNotContain("segment.bytes");
            });

    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    var unused = fixture.migration.replay(context, UNMONITORED);
    fixture.migration.finalizeTopics(context, UNMONITORED);

    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("v");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(fixture.dedicated.ownSettings(fixture.to))
                    .containsAllEntriesOf(OF_TOPICS)
                    .containsEntry("segment.bytes", "20000000")
                    .hasSize(OF_TOPICS.size() + 1));
  }
}
