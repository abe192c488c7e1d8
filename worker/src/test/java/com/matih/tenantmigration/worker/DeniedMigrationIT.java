package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.testing.KafkaAcls;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.HeldActivities.Hold;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.TestPlatform.Reach;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights in the dedicated Kafka cluster that are taken away while a migration runs. */
class DeniedMigrationIT {

  /** What is promised, and half a minute more for a machine on which ten such suites run. */
  private static final Duration SOON = Duration.ofSeconds(15).plusSeconds(30);

  private static final String PASSWORD = "moves-what-it-may";
  private static final HeldActivities HELD = new HeldActivities();
  private static TestPlatform platform;

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final String topic = tenant + "-own";
  private final KafkaServer guarded = TestServers.guardedKafka();
  private final KafkaAcls acls = new KafkaAcls(guarded, tenant).withPassword(PASSWORD);
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws SQLException {
    platform =
        TestPlatform.with(
            List.of(HELD),
            new Reach(
                new References(
                    List.of("TEST_*"), List.of(TestServers.certificates().folder().toString())),
                new Hosts(null, null),
                Map.of("TEST_KAFKA_PASSWORD", PASSWORD)));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void seed() throws Exception {
    new OneTopic(tenant, folder).produce();
    platform.addTenant(tenant);
    acls.allow(
        ResourceType.TOPIC,
        topic,
        AclOperation.CREATE,
        AclOperation.READ,
        AclOperation.WRITE,
        AclOperation.DELETE,
        AclOperation.ALTER_CONFIGS);
    acls.allow(ResourceType.GROUP, "tenant-migration-", AclOperation.READ, AclOperation.DELETE);
    acls.allow(ResourceType.TRANSACTIONAL_ID, "tenant-migration-", AclOperation.WRITE);
  }

  @AfterEach
  void close() {
    acls.close();
  }

  @Test
  void aTopicThatMayNoLongerBeWrittenRollsBackAtOnceAndTheRightIsNamed() throws Exception {
    Answer answer = migrate(() -> acls.revoke(ResourceType.TOPIC, topic, AclOperation.WRITE));

    assertThat(answer.code()).as(answer.toString()).isEqualTo(4);
    MigrationReport report = report();
    assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertDenied(report);
    WayBackTimes times = WayBackTimes.of(platform, tenant);
    assertThat(times.attempt()).as(times.toString()).isOne();
    assertThat(times.toActive()).as(times.toString()).isLessThan(SOON);
    assertThat(times.toRolledBack()).as(times.toString()).isLessThan(SOON);
  }

  @Test
  void aTopicThatMayNotBeDeletedEitherIsNamedWithTheCommandAndRepaired() throws Exception {
    Answer answer =
        migrate(
            () -> {
              acls.revoke(ResourceType.TOPIC, topic, AclOperation.WRITE);
              acls.revoke(ResourceType.TOPIC, topic, AclOperation.DELETE);
            });

    assertThat(answer.code()).as(answer.toString()).isEqualTo(5);
    assertThat(report().outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    assertDenied(report());
    assertThat(platform.controlPlane().tenantConfigs().find(tenant).orElseThrow().state())
        .isEqualTo(State.ACTIVE);
    assertThat(report().rollback())
        .filteredOn(step -> step.step().equals("DELETE_TOPICS"))
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.message())
                    .contains("denied the migration's user DELETE on topic " + topic)
                    .contains("kafka-acls --add --operation Delete --topic " + topic)
                    .contains("To finish it: repair " + tenant)
                    .contains(
                        "kafka-topics --bootstrap-server %s --delete --topic %s"
                            .formatted(guarded.guardedBootstrapServers(), topic)));

    acls.allow(ResourceType.TOPIC, topic, AclOperation.DELETE);
    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(report().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  private void assertDenied(MigrationReport report) {
    assertThat(report.failure())
        .satisfies(failure -> assertThat(failure.type()).isEqualTo(FailureType.PERMISSION_DENIED))
        .satisfies(
            failure ->
                assertThat(failure.message())
                    .contains("denied the migration's user WRITE on topic " + topic)
                    .contains("kafka-acls --add --operation Write --topic " + topic));
  }

  private MigrationReport report() {
    return platform.controlPlane().migrations().latest(tenant).orElseThrow().report();
  }

  /** Takes rights away right before the replay, where no plan can see it. */
  private Answer migrate(Runnable revoke) throws Exception {
    Hold replay = HELD.before("ReplayTopics");
    Answer started = platform.run("start", "-f", request());
    assertThat(started.code()).as(started.toString()).isZero();
    replay.awaitHeld();
    revoke.run();
    replay.release();
    return platform.run("status", tenant, "--watch");
  }

  private String request() throws IOException {
    StringBuilder login = new StringBuilder();
    KafkaServer.login(tenant, "${env:TEST_KAFKA_PASSWORD}", TestServers.certificates().ca())
        .forEach((name, value) -> login.append("      %s: '%s'\n".formatted(name, value)));
    return Files.writeString(
            folder.resolve(tenant + ".yaml"),
            """
            tenant: %s
            mode: offline
            tier: {from: STARTER, to: ENTERPRISE}
            settle: 0s
            snapshot: {location: "file:%s"}
            kafka:
              source: {bootstrapServers: "%s"}
              target:
                bootstrapServers: "%s"
                properties:
            %s  topics: [{from: %s-shared, to: %s, tenant: {header: tenant-id}}]
            """
                .formatted(
                    tenant,
                    folder,
                    TestServers.kafka().bootstrapServers(),
                    guarded.guardedBootstrapServers(),
                    login,
                    tenant,
                    topic))
        .toString();
  }
}
