package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.follow.RecordFollower;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the checks find while the tenant works, on the way, and in the drain. */
class OnlineComparisonIT {

  private final KafkaFixture fixture = new KafkaFixture();
  private final OnlineRecords online = new OnlineRecords(fixture, fixture.context("reader"));

  /** Renews and compares in each round. */
  private final KafkaMigration hasty =
      new KafkaMigration(
          new KafkaClients(fixture.secrets),
          fixture.journal,
          fixture.guard,
          new RecordFollower.Pace(Duration.ZERO, Duration.ZERO));

  @BeforeEach
  void copy() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 300);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 10);
    online.copy();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void plant() {
    fixture.dedicated.send(List.of(record(fixture.to, 0, "globex", "k", "planted")));
  }

  private CompletableFuture<Void> followHastily(CancellableMonitor monitor) {
    return CompletableFuture.runAsync(
        () -> hasty.follow(online.context.whileTenantWorks(), Following.UNTIL_STOPPED, monitor));
  }

  @Test
  void theCheckFindsARecordTooManyWhileTheTenantWorks() {
    assertThat(online.verify().comparedCount()).isEqualTo(100);
    plant();

    assertThat(online.verify().namedMismatches())
        .containsExactly(
            "%s-0 offset %d is not in %s-0"
                .formatted(fixture.to, fixture.dedicated.end(fixture.to, 0) - 1, fixture.from));
    assertThat(online.leak().mismatchCount()).isEqualTo(1);
  }

  @Test
  void aCheckThatIsRunAgainCountsWhatTheFirstOneCompared() {
    assertThat(online.verify().comparedCount()).isEqualTo(100);
    assertThat(online.verify().comparedCount()).isEqualTo(100);
  }

  @Test
  void theDrainFindsARecordTooMany() {
    assertThat(online.verify().mismatchCount()).isZero();
    plant();

    CheckResult found = online.drain().checks().get(0);

    assertThat(found.check()).isEqualTo(CheckName.RECORD_CONTENT);
    assertThat(found.status()).isEqualTo(CheckResult.Status.FAILED);
    assertThat(found.mismatches()).singleElement().asString().contains("is not in");
  }

  @Test
  void theDrainFindsAGroupThatStandsElsewhere() {
    assertThat(online.verify().mismatchCount()).isZero();
    var unused = online.drain();
    fixture.dedicated.commit(fixture.dedicatedGroup("reader"), fixture.to, 0, 50);

    CheckResult found = online.drain().checks().get(0);

    assertThat(found.mismatches())
        .singleElement()
        .asString()
        .contains("would read a different record next");
  }

  @Test
  void whatCameWhileTheCheckRanIsComparedBeforeTheFence() {
    online.catchUp();
    assertThat(compared()).isEmpty();
    assertThat(online.verify().comparedCount()).isEqualTo(100);
    fixture.shared.sendMixed(fixture.from, 1, 60);

    online.catchUp();

    assertThat(compared()).map(TopicJournal.Compared::untold).contains(20L);
  }

  @Test
  void aDifferenceEndsTheFollowing() {
    assertThat(online.verify().mismatchCount()).isZero();
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> following = followHastily(monitor);
    plant();

    assertThatThrownBy(() -> following.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(MigrationException.class)
        .hasMessageContaining("is not in")
        .extracting(thrown -> ((MigrationException) thrown.getCause()).type())
        .isEqualTo(FailureType.CONTENT_MISMATCH);
  }

  @Test
  void whatWasComparedOnTheWayIsNotComparedAgainUnderTheFenceButCounted() {
    assertThat(online.verify().comparedCount()).isEqualTo(100);
    fixture.shared.sendMixed(fixture.from, 1, 60);
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> following = followHastily(monitor);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> compared().filter(note -> note.untold() == 20).isPresent());
    monitor.cancel();
    assertThatThrownBy(following::join).hasMessageContaining("cancelled");
    fixture.shared.sendMixed(fixture.from, 1, 9);

    Drained drained = online.drain();

    assertThat(drained.checks())
        .containsExactly(
            new CheckResult(CheckName.RECORD_CONTENT, CheckResult.Status.PASSED, 23, List.of()));
  }

  private Optional<TopicJournal.Compared> compared() {
    return new TopicJournal(fixture.journal, fixture.id)
        .compared(new TopicPartition(fixture.to, 0));
  }

  @Test
  void anAnchorThatTheBrokerIsAboutToForgetIsWrittenAnew() throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> following = followHastily(monitor);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> monitor.latest().doing().contains("the last round"));
    TestCluster.await(
        fixture
            .dedicated
            .admin
            .deleteConsumerGroupOffsets(
                Anchor.group(fixture.id), Set.of(new TopicPartition(fixture.to, 0)))
            .all());

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                fixture
                    .dedicated
                    .position(Anchor.group(fixture.id), fixture.to, 0)
                    .filter(offset -> offset == 300)
                    .isPresent());
    monitor.cancel();
    assertThatThrownBy(following::join).hasMessageContaining("cancelled");
  }
}
