package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.records.RecordJudge;
import com.matih.tenantmigration.embedded.workload.records.RecordLoad;
import com.matih.tenantmigration.embedded.workload.records.RecordLoadSettings;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.Producer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each record arrives exactly once, whatever happens to the follower, the drain or the topics. */
class OnlineRecoveryIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaFixture fixture = new KafkaFixture();
  private final OnlineRecords online =
      new OnlineRecords(fixture, fixture.context("reader", "lagging"));

  @AfterEach
  void close() {
    fixture.close();
  }

  private void createFilled(int partitions, int records) {
    fixture.shared.createTopic(fixture.from, partitions, Map.of());
    fixture.shared.sendMixed(fixture.from, partitions, records);
  }

  private static void assertFails(FailureType type, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(type);
  }

  @Test
  void followersThatAreCutOffAnywhereAreFollowedByAnother() throws Exception {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    RecordLoadSettings settings =
        new RecordLoadSettings(
            TestServers.kafka().bootstrapServers(),
            fixture.from,
            2,
            KafkaFixture.TENANT,
            List.of("globex"),
            List.of(fixture.sharedGroup("reader"), fixture.sharedGroup("lagging")),
            23,
            800);
    try (RecordLoad acme = RecordLoad.start(settings)) {
      acme.awaitAcknowledged(200, PATIENCE);
      online.copy();
      for (int moves = 2; moves <= 60; moves += 4) {
        CutOff monitor = new CutOff(moves);
        assertThatThrownBy(() -> online.follow(Following.UNTIL_STOPPED, monitor))
            .isInstanceOf(MigrationException.class);
      }
      online.catchUp();
      assertThat(online.verify().namedMismatches()).isEmpty();
      acme.close();

      for (int moves = 2; moves <= 40; moves += 5) {
        CutOff monitor = new CutOff(moves);
        try {
          var unused = online.drain(monitor);
        } catch (MigrationException e) {
          assertThat(e).hasMessageContaining("cut off");
        }
      }
      Drained drained = online.drain();

      assertThat(drained.checks())
          .extracting(CheckResult::status)
          .containsOnly(CheckResult.Status.PASSED);
      RecordJudge judge =
          new RecordJudge(
              acme, settings, TestServers.dedicatedKafka().bootstrapServers(), fixture.to);
      assertThat(judge.records()).isEmpty();
      assertThat(
              judge.groups(
                  List.of(fixture.dedicatedGroup("reader"), fixture.dedicatedGroup("lagging"))))
          .isEmpty();
    }
  }

  @Test
  void aFollowerThatThawsAfterTheDrainWritesNothing() throws Exception {
    createFilled(2, 300);
    online.copy();
    Frozen monitor = new Frozen();
    CompletableFuture<Void> follower =
        CompletableFuture.runAsync(() -> online.follow(Following.UNTIL_STOPPED, monitor));
    monitor.awaitRound();
    monitor.freeze();
    fixture.shared.sendMixed(fixture.from, 2, 300);
    monitor.awaitFrozen();

    Drained drained = online.drain();
    fixture.migration.finalizeTopics(online.context, ProgressMonitor.unmonitored());
    fixture.migration.removeAnchor(online.context);
    long end = fixture.dedicated.end(fixture.to, 0) + fixture.dedicated.end(fixture.to, 1);
    monitor.goOn();

    assertThatThrownBy(follower::join)
        .hasCauseInstanceOf(MigrationException.class)
        .extracting(thrown -> ((MigrationException) thrown.getCause()).type())
        .isEqualTo(FailureType.WRITER_SUPERSEDED);
    assertThat(drained.checks().get(0).status()).isEqualTo(CheckResult.Status.PASSED);
    assertThat(fixture.dedicated.end(fixture.to, 0) + fixture.dedicated.end(fixture.to, 1))
        .isEqualTo(end);
    assertThat(fixture.dedicated.groups()).doesNotContain(Anchor.group(fixture.id));
    assertThat(fixture.dedicated.read(fixture.to, 0)).hasSize(100);
    assertThat(fixture.dedicated.read(fixture.to, 1)).hasSize(100);
  }

  @Test
  void aFollowerThatBeginsLateChangesNothing() {
    createFilled(1, 300);
    online.copy();
    Attempt earlier = Attempt.next();
    online.drain();
    fixture.shared.sendMixed(fixture.from, 1, 30);
    long end = fixture.dedicated.end(fixture.to, 0);

    assertFails(
        FailureType.WRITER_SUPERSEDED,
        () -> online.follow(Following.UNTIL_CAUGHT_UP, CancellableMonitor.of(earlier)));
    fixture.migration.removeAnchor(online.context);
    assertFails(FailureType.WORK_ENDED, online::catchUp);

    assertThat(fixture.dedicated.end(fixture.to, 0)).isEqualTo(end);
    assertThat(fixture.dedicated.groups()).doesNotContain(Anchor.group(fixture.id));
  }

  @Test
  void aDrainThatIsRunAgainChangesNothing() {
    createFilled(2, 600);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 100);
    online.copy();
    online.catchUp();
    assertThat(online.verify().comparedCount()).isEqualTo(200);
    fixture.shared.sendMixed(fixture.from, 2, 60);

    Drained first = online.drain();
    long end = fixture.dedicated.end(fixture.to, 0);
    Drained second = online.drain();

    assertThat(first.checks())
        .containsExactly(
            new CheckResult(CheckName.RECORD_CONTENT, CheckResult.Status.PASSED, 20, List.of()));
    assertThat(second).isEqualTo(first);
    assertThat(fixture.dedicated.end(fixture.to, 0)).isEqualTo(end);
  }

  @Test
  void aTopicThatIsMadeAgainIsNotFollowed() {
    createFilled(1, 30);
    online.copy();
    fixture.shared.deleteTopic(fixture.from);
    assertChanged("was deleted while it was followed");
    createAgain(1);

    assertChanged("was deleted and created again while it was followed");
    assertThatThrownBy(online::drain)
        .hasMessageContaining(fixture.from)
        .extracting("type")
        .isEqualTo(FailureType.SOURCE_CHANGED);
  }

  private void createAgain(int partitions) {
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              var unused = fixture.shared.createTopic(fixture.from, partitions, Map.of());
              return true;
            });
  }

  private void assertChanged(String how) {
    assertThatThrownBy(online::catchUp)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(fixture.from)
        .hasMessageContaining(how)
        .extracting("type")
        .isEqualTo(FailureType.SOURCE_CHANGED);
  }

  @Test
  void aPartitionThatIsAddedEndsTheFollowing() throws Exception {
    createFilled(1, 30);
    online.copy();
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> follower =
        CompletableFuture.runAsync(() -> online.follow(Following.UNTIL_STOPPED, monitor));

    TestCluster.await(
        fixture
            .shared
            .admin
            .createPartitions(Map.of(fixture.from, NewPartitions.increaseTo(2)))
            .all());

    assertThatThrownBy(() -> follower.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(MigrationException.class)
        .hasMessageContaining("topic %s has 2 partitions now".formatted(fixture.from));
  }

  @Test
  void anOpenTransactionIsWaitedForWhileTheTenantWorks() throws Exception {
    createFilled(1, 30);
    online.copy();
    try (Producer<byte[], byte[]> neighbour =
        fixture.shared.transactionalProducer("neighbour-" + fixture.id)) {
      neighbour.beginTransaction();
      var unused = neighbour.send(record(fixture.from, 0, KafkaFixture.TENANT, "k", "hidden"));
      neighbour.flush();
      fixture.shared.sendMixed(fixture.from, 1, 3);

      CompletableFuture<Void> follower = CompletableFuture.runAsync(online::catchUp);
      Thread.sleep(3_000);
      assertThat(follower).isNotDone();
      neighbour.commitTransaction();
      follower.get(1, TimeUnit.MINUTES);
    }

    assertThat(fixture.dedicated.read(fixture.to, 0)).hasSize(12);
  }

  /** Breaks off when something has moved so often, without any warning to what is at work. */
  private static final class CutOff implements ProgressMonitor {

    private final Attempt attempt = Attempt.next();
    private final int moves;
    private final AtomicInteger moved = new AtomicInteger();

    CutOff(int moves) {
      this.moves = moves;
    }

    @Override
    public Attempt attempt() {
      return attempt;
    }

    @Override
    public void update(Progress progress) {}

    @Override
    public void moved() {
      if (moved.incrementAndGet() >= moves) {
        throw new MigrationException(FailureType.STORE_ERROR, "cut off");
      }
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable onCancel) {
      return () -> {};
    }
  }

  /**
   * Stops the follower between the reading and the writing of records, until the test lets it go
   * on.
   */
  private static final class Frozen implements ProgressMonitor {

    private final Attempt attempt = Attempt.next();
    private final CountDownLatch round = new CountDownLatch(2);
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicBoolean freeze = new AtomicBoolean();

    void awaitRound() throws InterruptedException {
      assertThat(round.await(1, TimeUnit.MINUTES)).isTrue();
    }

    void freeze() {
      freeze.set(true);
    }

    void awaitFrozen() throws InterruptedException {
      assertThat(frozen.await(1, TimeUnit.MINUTES)).isTrue();
    }

    void goOn() {
      released.countDown();
    }

    @Override
    public Attempt attempt() {
      return attempt;
    }

    @Override
    public void update(Progress progress) {
      round.countDown();
    }

    @Override
    public void moved() {
      if (freeze.get() && Thread.currentThread().getName().startsWith("topic-")) {
        frozen.countDown();
        try {
          assertThat(released.await(5, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable onCancel) {
      return () -> {};
    }
  }
}
