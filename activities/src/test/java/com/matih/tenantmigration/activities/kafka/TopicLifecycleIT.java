package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.activities.kafka.provision.TopicProvisioner;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a migration creates, takes over, gives back and leaves alone. */
class TopicLifecycleIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final Map<String, String> REAL =
      Map.of(
          "retention.ms", "86400000",
          "cleanup.policy", "compact,delete",
          "max.message.bytes", "500000",
          "min.insync.replicas", "1");

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader");

  @BeforeEach
  void fillSharedTopic() {
    fixture.shared.createTopic(fixture.from, 2, REAL);
    fixture.shared.sendMixed(fixture.from, 2, 60);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 7);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void provisionAndReplay() {
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    var unused = fixture.migration.replay(context, UNMONITORED);
  }

  private RollbackStep rollBack() {
    return fixture.migration.deleteTopics(context);
  }

  private static void assertTargetNotEmpty(ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
  }

  @Test
  void whatEatsRecordsIsPausedUntilTheTopicIsFinalized() {
    provisionAndReplay();

    assertThat(fixture.dedicated.ownSettings(fixture.to))
        .containsEntry("retention.ms", "-1")
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("message.timestamp.type", "CreateTime");

    fixture.migration.finalizeTopics(context, UNMONITORED);
    fixture.migration.finalizeTopics(context, UNMONITORED);
    fixture.migration.removeAnchor(context);
    fixture.migration.removeAnchor(context);

    assertThat(fixture.dedicated.ownSettings(fixture.to)).containsExactlyInAnyOrderEntriesOf(REAL);
    assertThat(fixture.dedicated.groups())
        .contains(fixture.dedicatedGroup("reader"))
        .doesNotContain(Anchor.group(fixture.id));
  }

  @Test
  void rollbackRemovesTopicGroupAndAnchorAndCanBeRunAgain() {
    provisionAndReplay();

    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
    assertThat(fixture.dedicated.groups())
        .doesNotContain(fixture.dedicatedGroup("reader"), Anchor.group(fixture.id));
    assertThat(fixture.shared.read(fixture.from, 0)).hasSize(30);
    assertThat(fixture.shared.position(fixture.sharedGroup("reader"), fixture.from, 0))
        .contains(7L);
  }

  @Test
  void topicGroupAndAnchorOfALiveTenantStay() {
    provisionAndReplay();
    int records = fixture.dedicated.read(fixture.to, 0).size();
    fixture.guard.permit(0);

    RollbackStep step = rollBack();

    assertThat(step.status()).isEqualTo(RollbackStep.Status.FAILED);
    assertThat(step.message()).contains("topic " + fixture.to + " is live");
    assertThat(fixture.dedicated.read(fixture.to, 0)).hasSize(records);
    assertThat(fixture.dedicated.groups())
        .contains(fixture.dedicatedGroup("reader"), Anchor.group(fixture.id));
  }

  @Test
  void rollbackAfterFinalizingStillKnowsItsTopic() {
    provisionAndReplay();
    fixture.migration.finalizeTopics(context, UNMONITORED);

    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
  }

  @Test
  void rollbackBeforeAnythingWasDoneIsNotNeeded() {
    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
  }

  @Test
  void attemptThatComesAfterTheRollbackCreatesAndChangesNoTopic() {
    rollBack();

    assertWorkHasEnded();
    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();

    Map<String, String> theirs = Map.of("retention.ms", "777000");
    fixture.dedicated.createTopic(fixture.to, 2, theirs);
    assertWorkHasEnded();
    assertThat(fixture.dedicated.ownSettings(fixture.to)).isEqualTo(theirs);
  }

  private void assertWorkHasEnded() {
    assertThatThrownBy(() -> fixture.migration.provision(context, UNMONITORED))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
  }

  @Test
  void topicWithRecordsIsRefusedAndLeftAsItIs() {
    Uuid id = fixture.dedicated.createTopic(fixture.to, 2, Map.of("retention.ms", "777000"));
    fixture.dedicated.send(List.of(record(fixture.to, 1, "somebody", "k", "v")));

    assertTargetNotEmpty(() -> fixture.migration.provision(context, UNMONITORED));
    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);

    assertThat(fixture.dedicated.idOf(fixture.to)).isEqualTo(id);
    assertThat(fixture.dedicated.ownSettings(fixture.to))
        .containsExactly(Map.entry("retention.ms", "777000"));
    assertThat(fixture.dedicated.values(fixture.to, 1)).containsExactly("v");
  }

  @Test
  void topicThatSomebodyCreatedInPlaceOfOursIsLeft() {
    fixture.migration.provision(context, UNMONITORED);
    fixture.dedicated.deleteTopic(fixture.to);
    Uuid theirs = fixture.dedicated.createTopic(fixture.to, 2, Map.of());
    fixture.dedicated.send(List.of(record(fixture.to, 0, "somebody", "k", "theirs")));

    assertTargetNotEmpty(() -> fixture.migration.provision(context, UNMONITORED));
    RollbackStep step = rollBack();

    assertThat(step.message()).contains("left behind: it does not belong to this migration");
    assertThat(fixture.dedicated.idOf(fixture.to)).isEqualTo(theirs);
    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("theirs");
  }

  @Test
  void topicOfAWorkerThatDiedRightAfterCreatingItIsKnownByItsMark() {
    TopicJournal journal = new TopicJournal(fixture.journal, fixture.id);
    journal.intendTopic(fixture.to);
    try (KafkaCluster source = fixture.source(context);
        KafkaCluster target = fixture.target(context)) {
      TopicFacts shared = source.topics().require(fixture.from);
      assertThat(
              target
                  .topics()
                  .create(
                      new TopicProvisioner(source, target, journal, fixture.id)
                          .newTopic(shared, fixture.to, 1)))
          .isPresent();
    }

    assertThat(rollBack().message()).contains("topic %s deleted".formatted(fixture.to));

    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
  }

  @Test
  void topicThatAppearedBetweenIntentAndCreationIsLeft() {
    new TopicJournal(fixture.journal, fixture.id).intendTopic(fixture.to);
    fixture.dedicated.createTopic(fixture.to, 2, Map.of());

    assertThat(rollBack().message()).contains("left behind");

    assertThat(fixture.dedicated.hasTopic(fixture.to)).isTrue();
  }

  @Test
  void emptyTopicIsUsedAndGivenBackEmptyWithItsSettings() {
    Map<String, String> theirs = Map.of("retention.ms", "777000", "cleanup.policy", "compact");
    Uuid id = fixture.dedicated.createTopic(fixture.to, 2, theirs);
    fixture.dedicated.commit("other-" + fixture.id, fixture.to, 1, 0);
    provisionAndReplay();
    assertThat(fixture.dedicated.values(fixture.to, 0)).hasSize(10);

    fixture.migration.finalizeTopics(context, UNMONITORED);
    assertThat(fixture.dedicated.ownSettings(fixture.to))
        .containsExactlyInAnyOrderEntriesOf(theirs);

    RollbackStep step = rollBack();

    assertThat(step.message()).contains("which existed before, emptied");
    assertThat(fixture.dedicated.idOf(fixture.to)).isEqualTo(id);
    assertThat(fixture.dedicated.values(fixture.to, 0)).isEmpty();
    assertThat(fixture.dedicated.values(fixture.to, 1)).isEmpty();
    assertThat(fixture.dedicated.ownSettings(fixture.to))
        .containsExactlyInAnyOrderEntriesOf(theirs);
    assertThat(fixture.dedicated.groups())
        .contains("other-" + fixture.id)
        .doesNotContain(fixture.dedicatedGroup("reader"));
  }

  @Test
  void topicThatAnEarlierMigrationLeftBehindIsRefusedByName() {
    fixture.migration.provision(context, UNMONITORED);

    assertLeftBehindIsRefused();
  }

  @Test
  void topicThatAnEarlierMigrationTookOverAndLeftBehindIsRefusedByName() {
    fixture.dedicated.createTopic(fixture.to, 2, Map.of());
    fixture.migration.provision(context, UNMONITORED);

    assertLeftBehindIsRefused();
  }

  private void assertLeftBehindIsRefused() {
    MigrationContext second =
        new MigrationContext(
            TestJournal.newMigrationId(), context.workflowId(), "run", context.request());

    assertThat(fixture.migration.plan(second, UNMONITORED).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(fixture.to);
              assertThat(refusal.reason())
                  .endsWith("belongs to migration %s.".formatted(fixture.id));
              assertThat(refusal.remedy()).startsWith("Choose another name");
            });
    assertThatThrownBy(() -> fixture.migration.provision(second, UNMONITORED))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("belongs to migration " + fixture.id)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
    assertThat(fixture.migration.deleteTopics(second).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals()).isEmpty();
  }

  @Test
  void groupThatHasPositionsThereAlreadyEndsTheReplay() {
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), fixture.to, 0, 0);

    assertTargetNotEmpty(() -> fixture.migration.replay(context, UNMONITORED));
    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);
  }

  @Test
  void groupOfSomebodyElseKeepsItsPositionsInATopicThatIsGivenBack() {
    fixture.dedicated.createTopic(fixture.to, 2, Map.of());
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), fixture.to, 0, 0);
    assertTargetNotEmpty(() -> fixture.migration.replay(context, UNMONITORED));

    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(fixture.dedicated.position(fixture.dedicatedGroup("reader"), fixture.to, 0))
        .contains(0L);
  }

  @Test
  void writerThatTheRollbackOvertakesCommitsNothingToATopicThatIsGivenBack() {
    fixture.dedicated.createTopic(fixture.to, 2, Map.of());
    provisionAndReplay();
    TopicPartition partition = new TopicPartition(fixture.to, 0);
    try (KafkaCluster target = fixture.target(context);
        ReplayWriter late =
            new ReplayWriter(
                target,
                partition,
                ReplayWriter.transactionalId(fixture.id, partition),
                "none",
                Map.of())) {
      var unused = late.send(new ConsumerRecord<>(fixture.from, 0, 0, null, new byte[1]));

      assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);

      assertThatThrownBy(() -> late.commit(Map.of()))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.WRITER_SUPERSEDED);
    }
    assertThat(fixture.dedicated.values(fixture.to, 0)).isEmpty();
  }

  @Test
  void groupKeepsItsPositionsInOtherTopics() {
    String other = "other-" + fixture.id;
    fixture.dedicated.createTopic(other, 1, Map.of());
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), other, 0, 0);
    provisionAndReplay();

    assertThat(rollBack().status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(fixture.dedicated.position(fixture.dedicatedGroup("reader"), other, 0)).contains(0L);
  }
}
