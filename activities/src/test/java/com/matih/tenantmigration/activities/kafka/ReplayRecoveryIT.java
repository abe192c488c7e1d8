package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.kafka.copy.PartitionReplayer;
import com.matih.tenantmigration.activities.kafka.copy.ReplayProgress;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each record arrives exactly once, whatever happens to the replay on its way. */
class ReplayRecoveryIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader");

  @BeforeEach
  void createSharedTopic() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void fill(int records) {
    fixture.shared.sendMixed(fixture.from, 1, records);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, records / 2);
  }

  private void begin() {
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
  }

  private StoresSummary replay() {
    return fixture.migration.replay(context, UNMONITORED);
  }

  private void assertExact(int records) {
    Finding finding =
        new RecordComparison(fixture.secrets, fixture.journal).compare(context, UNMONITORED);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(records);
  }

  private StoresSummary summary(int records) {
    return StoresSummary.of(
        new StoresSummary.Kafka(List.of(new StoresSummary.Topic(fixture.to, records)), 1));
  }

  @Test
  void replayThatIsCancelledAgainAndAgainGoesOnWhereItWas() {
    fill(45_000);
    begin();

    for (long stop : List.of(6_000L, 16_000L, 31_000L)) {
      assertThatThrownBy(() -> fixture.migration.replay(context, new StoppedAt(stop)))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.CANCELLED);
    }

    assertThat(replay()).isEqualTo(summary(15_000));
    assertExact(15_000);
  }

  @Test
  void finishedReplayThatIsRunAgainChangesNothing() {
    fill(300);
    begin();
    replay();
    long end = fixture.dedicated.end(fixture.to, 0);

    assertThat(replay()).isEqualTo(summary(100));

    assertThat(fixture.dedicated.end(fixture.to, 0)).isEqualTo(end);
    assertExact(100);
  }

  @Test
  void recordsOfAnAttemptThatDiedInItsTransactionAreUndone() {
    fill(300);
    begin();
    stopRightAfterTheStart();
    try (KafkaCluster target = fixture.target(context);
        ReplayWriter dead = writer(target)) {
      sendSharedRecords(dead, 50);

      assertThat(replay()).isEqualTo(summary(100));
    }
    assertExact(100);
  }

  @Test
  void attemptThatWasOvertakenCanCommitNothingMore() {
    fill(300);
    begin();
    stopRightAfterTheStart();
    try (KafkaCluster target = fixture.target(context);
        ReplayWriter zombie = writer(target)) {
      sendSharedRecords(zombie, 50);
      replay();

      assertThatThrownBy(() -> zombie.commit(Map.of()))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.WRITER_SUPERSEDED);
    }
    assertExact(100);
  }

  private void stopRightAfterTheStart() {
    assertThatThrownBy(() -> fixture.migration.replay(context, new StoppedAt(0)))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
  }

  private ReplayWriter writer(KafkaCluster target) {
    TopicPartition partition = new TopicPartition(fixture.to, 0);
    return new ReplayWriter(
        target, partition, ReplayWriter.transactionalId(fixture.id, partition), "lz4", Map.of());
  }

  private void sendSharedRecords(ReplayWriter writer, int count) {
    for (ConsumerRecord<byte[], byte[]> each :
        fixture.shared.read(fixture.from, 0).subList(0, count)) {
      assertThat(writer.offsetOf(writer.send(each))).isNotNegative();
    }
  }

  @Test
  void topicWhoseAnchorWasForgottenIsBegunAnewAndNotContinuedAtZero() {
    fill(300);
    begin();
    replay();
    var first = fixture.dedicated.idOf(fixture.to);
    forgetAnchor();

    assertThat(replay()).isEqualTo(summary(100));

    assertThat(fixture.dedicated.idOf(fixture.to)).isNotEqualTo(first);
    assertExact(100);
    assertThat(fixture.migration.deleteTopics(context).message()).contains("deleted");
    assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
  }

  @Test
  void topicOfALiveTenantIsNotBegunAnew() {
    fill(300);
    begin();
    replay();
    var live = fixture.dedicated.idOf(fixture.to);
    forgetAnchor();
    fixture.guard.permit(0);

    assertFails(FailureType.TENANT_IS_LIVE, this::replay);

    assertThat(fixture.dedicated.idOf(fixture.to)).isEqualTo(live);
    assertThat(fixture.guard.asked()).containsExactly("topic " + fixture.to);
  }

  private void forgetAnchor() {
    TestCluster.await(
        fixture.dedicated.admin.deleteConsumerGroups(List.of(Anchor.group(fixture.id))).all());
  }

  @Test
  void attemptThatThawsAfterTheCutoverLeavesTheLiveTopicAlone() {
    fill(300);
    begin();
    replay();
    fixture.migration.finalizeTopics(context, UNMONITORED);
    fixture.migration.removeAnchor(context);
    var live = fixture.dedicated.idOf(fixture.to);
    long end = fixture.dedicated.end(fixture.to, 0);

    assertFails(FailureType.WORK_ENDED, this::replay);
    assertFails(FailureType.WORK_ENDED, this::replayThePartitionAsIfItHadBeenQueued);

    assertThat(fixture.dedicated.idOf(fixture.to)).isEqualTo(live);
    assertThat(fixture.dedicated.end(fixture.to, 0)).isEqualTo(end);
    assertThat(fixture.dedicated.groups()).doesNotContain(Anchor.group(fixture.id));
  }

  @Test
  void partitionThatHoldsRecordsIsNeverBegunAtZero() {
    fill(300);
    begin();
    replay();
    forgetAnchor();
    long end = fixture.dedicated.end(fixture.to, 0);

    assertFails(FailureType.WRITER_SUPERSEDED, this::replayThePartitionAsIfItHadBeenQueued);

    assertThat(fixture.dedicated.end(fixture.to, 0)).isEqualTo(end);
  }

  @Test
  void emptyPartitionOfALiveTopicGetsNoAnchorAndNoPositions() {
    begin();
    replay();
    fixture.migration.removeAnchor(context);

    assertFails(FailureType.WORK_ENDED, this::replayThePartitionAsIfItHadBeenQueued);

    assertThat(fixture.dedicated.groups()).doesNotContain(Anchor.group(fixture.id));
  }

  private static void assertFails(FailureType type, ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(type);
  }

  /** What an attempt still does that had prepared the topic before it was frozen. */
  private void replayThePartitionAsIfItHadBeenQueued() {
    TopicJournal journal = new TopicJournal(fixture.journal, fixture.id);
    KafkaSpec.Topic topic = fixture.byHeader();
    try (KafkaCluster source = fixture.source(context);
        KafkaCluster target = fixture.target(context)) {
      String anchors = Anchor.group(fixture.id);
      PartitionReplayer.Job job =
          new PartitionReplayer.Job(
              topic,
              journal.positions(topic.from()).orElseThrow().partitions().get(0),
              TenantFilter.of(topic, KafkaFixture.TENANT),
              "lz4",
              List.of(),
              Map.of(anchors, target.groupMetadata(anchors)),
              Duration.ofMinutes(1));
      var unused =
          new PartitionReplayer(
                  source, target, journal, journal.begin(Attempt.next()), fixture.id, job)
              .replay(UNMONITORED, new ReplayProgress(100, "replaying into"));
    }
  }

  @Test
  void recordsThatSomebodyElseWroteBeforeTheReplayEndIt() {
    fill(30);
    begin();
    fixture.dedicated.send(List.of(record(fixture.to, 0, "globex", "k", "v")));

    assertThatThrownBy(this::replay)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("Another writer wrote to topic " + fixture.to);
  }

  @Test
  void recordsWrittenAfterThePositionsWereReadStayBehind() {
    fill(300);
    begin();
    fixture.shared.sendMixed(fixture.from, 1, 30);

    assertThat(replay()).isEqualTo(summary(100));

    assertExact(100);
  }

  @Test
  void recordsThatRetentionRemovesMeanwhileAreNoMismatch() {
    fill(300);
    begin();
    fixture.shared.deleteRecordsBefore(fixture.from, 0, 100);
    replay();
    assertExact(66);

    fixture.shared.deleteRecordsBefore(fixture.from, 0, 200);

    assertExact(33);
  }

  @Test
  void neighboursOpenTransactionIsWaitedForAndThenReadThrough() {
    fill(30);
    try (Producer<byte[], byte[]> neighbour =
        fixture.shared.transactionalProducer("neighbour-" + fixture.id)) {
      neighbour.beginTransaction();
      var hidden = neighbour.send(record(fixture.from, 0, KafkaFixture.TENANT, "k", "hidden"));
      neighbour.flush();
      assertThat(hidden).isDone();
      fixture.shared.sendMixed(fixture.from, 1, 3);
      begin();

      assertThatThrownBy(this::readWithLittlePatience)
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("open transaction in " + fixture.from + "-0")
          .extracting("type")
          .isEqualTo(FailureType.DRAIN_TIMED_OUT);

      CompletableFuture<StoresSummary> replay = CompletableFuture.supplyAsync(this::replay);
      neighbour.commitTransaction();
      assertThat(replay.join()).isEqualTo(summary(12));
    }
    assertExact(12);
  }

  private void readWithLittlePatience() {
    try (KafkaCluster source = fixture.source(context);
        PartitionReader reader =
            new PartitionReader(
                source,
                new TopicPartition(fixture.from, 0),
                0,
                fixture.shared.end(fixture.from, 0),
                Duration.ofSeconds(1))) {
      while (!reader.isFinished()) {
        Objects.requireNonNull(reader.poll());
      }
    }
  }

  /** Cancels when so many records were looked at. */
  private static final class StoppedAt implements ProgressMonitor {

    private final long limit;
    private volatile boolean stopped;

    StoppedAt(long limit) {
      this.limit = limit;
    }

    @Override
    public void update(Progress progress) {
      stopped = stopped || progress.done() >= limit;
    }

    @Override
    public boolean isCancelled() {
      return stopped;
    }

    @Override
    public void throwIfCancelled() {
      if (stopped) {
        throw new MigrationException(FailureType.CANCELLED, "stopped");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }
}
