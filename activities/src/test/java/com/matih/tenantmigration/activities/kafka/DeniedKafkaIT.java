package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.testing.KafkaAcls;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A right that is taken away ends the step at once, and the failure names it. */
class DeniedKafkaIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  /** More than a fetch and a transaction take, so that a replay has several of each. */
  private static final int RECORDS = 30_000;

  private static final String PASSWORD = "moves-what-it-may";

  private final KafkaFixture fixture = new KafkaFixture();
  private final KafkaServer server = TestServers.guardedKafka();
  private final TestCluster guarded = new TestCluster(server.bootstrapServers());
  private final String user = "mover-" + fixture.id;
  private final KafkaAcls acls = new KafkaAcls(server, user).withPassword(PASSWORD);
  private final String anchor = Anchor.group(fixture.id);
  private final String ids = "tenant-migration-%s-%s-".formatted(fixture.id, fixture.to);

  @BeforeEach
  void allowWhatTheGuideAsksFor() {
    acls.allow(ResourceType.TOPIC, fixture.from, AclOperation.READ, AclOperation.DESCRIBE_CONFIGS);
    acls.allow(ResourceType.GROUP, fixture.sharedGroup("reader"), AclOperation.DESCRIBE);
    acls.allow(
        ResourceType.TOPIC,
        fixture.to,
        AclOperation.CREATE,
        AclOperation.READ,
        AclOperation.WRITE,
        AclOperation.DELETE,
        AclOperation.DESCRIBE_CONFIGS,
        AclOperation.ALTER_CONFIGS);
    for (String group : List.of(fixture.dedicatedGroup("reader"), anchor)) {
      acls.allow(ResourceType.GROUP, group, AclOperation.READ, AclOperation.DELETE);
    }
    acls.allow(ResourceType.TRANSACTIONAL_ID, ids, AclOperation.WRITE);
  }

  @AfterEach
  void close() {
    acls.close();
    guarded.close();
    fixture.close();
  }

  private KafkaSpec.Cluster login() {
    return new KafkaSpec.Cluster(
        server.guardedBootstrapServers(),
        KafkaServer.login(user, PASSWORD, TestServers.certificates().ca()));
  }

  private static KafkaSpec.Cluster open(String bootstrapServers) {
    return new KafkaSpec.Cluster(bootstrapServers, Map.of());
  }

  private MigrationContext fromGuarded() {
    seed(guarded);
    return context(login(), open(TestServers.dedicatedKafka().bootstrapServers()));
  }

  private MigrationContext intoGuarded() {
    seed(fixture.shared);
    return context(open(TestServers.kafka().bootstrapServers()), login());
  }

  private MigrationContext context(KafkaSpec.Cluster source, KafkaSpec.Cluster target) {
    return fixture.context(
        new KafkaSpec(
            source, target, List.of(fixture.byHeader()), List.of(fixture.group("reader"))));
  }

  private void seed(TestCluster shared) {
    shared.createTopic(fixture.from, 1, Map.of());
    String value = "x".repeat(400);
    shared.send(
        IntStream.range(0, RECORDS)
            .mapToObj(
                i -> TestCluster.record(fixture.from, 0, KafkaFixture.TENANT, "k" + i, value + i))
            .toList());
    shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 7);
  }

  private void prepare(MigrationContext context) {
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals()).isEmpty();
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
  }

  /** The words of a table below, with the names of this test's own. */
  private String named(String resource) {
    return switch (resource) {
      case "from" -> fixture.from;
      case "to" -> fixture.to;
      case "shared group" -> fixture.sharedGroup("reader");
      case "group" -> fixture.dedicatedGroup("reader");
      case "anchor" -> anchor;
      case "ids" -> ids;
      default -> throw new IllegalArgumentException(resource);
    };
  }

  private void assertDenied(MigrationException failure, AclOperation operation, String resource) {
    assertThat(failure.type()).as(failure.getMessage()).isEqualTo(FailureType.PERMISSION_DENIED);
    assertThat(failure)
        .hasMessageContaining("denied the migration's user %s on ".formatted(operation))
        .hasMessageContaining(named(resource))
        .hasMessageContaining("kafka-acls --add --operation ");
  }

  @Test
  void theRightsOfTheGuideAreEnoughForAllOfIt() {
    MigrationContext context = intoGuarded();
    prepare(context);
    assertThat(fixture.migration.replay(context, UNMONITORED).kafka()).isNotNull();
    fixture.migration.finalizeTopics(context, UNMONITORED);

    RollbackStep step = fixture.migration.deleteTopics(context);

    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(guarded.hasTopic(fixture.to)).isFalse();
    assertThat(guarded.groups()).doesNotContain(fixture.dedicatedGroup("reader"), anchor);
  }

  @Test
  void theRightsOfTheGuideAreEnoughToReadTheSharedSide() {
    MigrationContext context = fromGuarded();
    prepare(context);

    assertThat(fixture.migration.replay(context, UNMONITORED).kafka()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "READ, TOPIC, from, true",
    "READ, TOPIC, from, false",
  })
  void whatMayNoLongerBeReadEndsTheReplay(
      AclOperation operation, ResourceType type, String resource, boolean amid) {
    MigrationContext context = fromGuarded();

    assertReplayDenied(context, operation, type, resource, amid);
  }

  @ParameterizedTest
  @CsvSource({
    "WRITE, TOPIC, to, true",
    "WRITE, TOPIC, to, false",
    "READ, TOPIC, to, true",
    "READ, TOPIC, to, false",
    "READ, GROUP, anchor, true",
    "READ, GROUP, anchor, false",
    "READ, GROUP, group, false",
    "WRITE, TRANSACTIONAL_ID, ids, true",
    "WRITE, TRANSACTIONAL_ID, ids, false",
  })
  void whatMayNoLongerBeWrittenEndsTheReplay(
      AclOperation operation, ResourceType type, String resource, boolean amid) {
    MigrationContext context = intoGuarded();

    assertReplayDenied(context, operation, type, resource, amid);
  }

  private void assertReplayDenied(
      MigrationContext context,
      AclOperation operation,
      ResourceType type,
      String resource,
      boolean amid) {
    prepare(context);
    Runnable revoke = () -> acls.revoke(type, named(resource), operation);
    ProgressMonitor monitor = UNMONITORED;
    if (amid) {
      monitor = new OnceAmid(revoke);
    } else {
      revoke.run();
    }
    ProgressMonitor watched = monitor;

    MigrationException failure =
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.replay(context, watched));

    assertDenied(failure, operation, resource);
  }

  /** Does something when the first records have been replayed. */
  private static final class OnceAmid implements ProgressMonitor {

    private final AtomicInteger updates = new AtomicInteger();
    private final Runnable action;

    OnceAmid(Runnable action) {
      this.action = action;
    }

    @Override
    public void update(Progress progress) {
      // the first says where the replay begins
      if (updates.incrementAndGet() == 2) {
        action.run();
      }
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable ignored) {
      return () -> {};
    }
  }

  @Test
  void topicThatMayNotBeCreatedEndsTheProvisioning() {
    MigrationContext context = intoGuarded();
    acls.revoke(ResourceType.TOPIC, fixture.to, AclOperation.CREATE);

    assertDenied(
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.provision(context, UNMONITORED)),
        AclOperation.CREATE,
        "to");
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals())
        .singleElement()
        .satisfies(
            refusal -> assertThat(refusal.reason()).contains("CREATE on topic " + fixture.to));
  }

  @ParameterizedTest
  @CsvSource({"ALTER_CONFIGS, TOPIC, to", "READ, GROUP, group"})
  void thePlanAsksForRightsThatOnlyTheLastStepsNeed(
      AclOperation operation, ResourceType type, String resource) {
    MigrationContext context = intoGuarded();
    acls.revoke(type, named(resource), operation);

    assertThat(fixture.migration.plan(context, UNMONITORED).refusals())
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.reason())
                    .contains("denied the migration's user %s on ".formatted(operation))
                    .contains(named(resource)));
    assertThat(guarded.groups()).doesNotContain(fixture.dedicatedGroup("reader"));
  }

  @ParameterizedTest
  @EnumSource(
      value = AclOperation.class,
      names = {"READ", "WRITE", "DELETE", "ALTER_CONFIGS"})
  void rightsOnTheDedicatedTopicAreAskedForAsSoonAsItExists(AclOperation operation) {
    MigrationContext context = intoGuarded();
    acls.revoke(ResourceType.TOPIC, fixture.to, operation);

    assertDenied(
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.provision(context, UNMONITORED)),
        operation,
        "to");
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals())
        .anySatisfy(
            refusal ->
                assertThat(refusal.reason())
                    .contains("%s on topic %s".formatted(operation, fixture.to)));
  }

  @ParameterizedTest
  @CsvSource({"DESCRIBE_CONFIGS, TOPIC, from", "DESCRIBE, GROUP, shared group"})
  void positionsThatMayNotBeReadEndTheirReading(
      AclOperation operation, ResourceType type, String resource) {
    MigrationContext context = fromGuarded();
    acls.revoke(type, named(resource), operation);

    assertDenied(
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.readPositions(context, UNMONITORED)),
        operation,
        resource);
  }

  @Test
  void settingsThatMayNotBeChangedEndTheFinalizing() {
    MigrationContext context = intoGuarded();
    prepare(context);
    acls.revoke(ResourceType.TOPIC, fixture.to, AclOperation.ALTER_CONFIGS);

    assertDenied(
        catchThrowableOfType(
            MigrationException.class, () -> fixture.migration.finalizeTopics(context, UNMONITORED)),
        AclOperation.ALTER_CONFIGS,
        "to");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, TOPIC, to",
    "DELETE, GROUP, group",
    "DELETE, GROUP, anchor",
    "READ, TOPIC, to",
    "WRITE, TRANSACTIONAL_ID, ids",
  })
  void whatMayNotBeRemovedIsNamedAndRemovedOnceItMay(
      AclOperation operation, ResourceType type, String resource) {
    MigrationContext context = intoGuarded();
    prepare(context);
    var unused = fixture.migration.replay(context, UNMONITORED);
    acls.revoke(type, named(resource), operation);

    RollbackStep step = fixture.migration.deleteTopics(context);

    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.FAILED);
    assertThat(step.message())
        .contains("denied the migration's user %s on ".formatted(operation))
        .contains(named(resource));
    acls.allow(type, named(resource), operation);
    RollbackStep again = fixture.migration.deleteTopics(context);
    assertThat(again.status()).as(again.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(guarded.groups()).doesNotContain(fixture.dedicatedGroup("reader"), anchor);
  }
}
