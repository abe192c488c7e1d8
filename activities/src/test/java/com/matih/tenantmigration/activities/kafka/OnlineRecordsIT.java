package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.records.RecordJudge;
import com.matih.tenantmigration.embedded.workload.records.RecordLoad;
import com.matih.tenantmigration.embedded.workload.records.RecordLoadSettings;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant that writes in all kinds of ways until the fence stands, at the end of its move. */
class OnlineRecordsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** System properties set more partitions and groups for those who want to explore. */
  private static final int PARTITIONS = Integer.getInteger("online.partitions", 3);

  private static final String[] GROUPS =
      IntStream.range(0, Integer.getInteger("online.groups", 3))
          .mapToObj(number -> List.of("along", "jumping", "lagging").get(number % 3) + number)
          .toArray(String[]::new);

  private final KafkaFixture fixture = new KafkaFixture();

  /** As many as the system property {@code online.seeds} says, for those who want to explore. */
  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("online.seeds", 2))
        .map(number -> 71 + 10 * number);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private RecordLoadSettings settings(String tenant, long seed, List<String> groups, int rate) {
    return new RecordLoadSettings(
        TestServers.kafka().bootstrapServers(),
        fixture.from,
        PARTITIONS,
        tenant,
        tenant.equals(KafkaFixture.TENANT) ? List.of("globex", "initech") : List.of(),
        groups,
        seed,
        rate);
  }

  private RecordLoadSettings tenant(long seed) {
    return settings(
        KafkaFixture.TENANT, seed, Stream.of(GROUPS).map(fixture::sharedGroup).toList(), 400);
  }

  private List<String> dedicatedGroups() {
    return Stream.of(GROUPS).map(fixture::dedicatedGroup).toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void recordsOfASharedTopicArriveOnceAndInOrderAndGroupsGoOnWhereTheyWere(int seed)
      throws Exception {
    fixture.shared.createTopic(fixture.from, PARTITIONS, Map.of());
    OnlineRecords online = new OnlineRecords(fixture, fixture.context(GROUPS));
    RecordLoadSettings settings = tenant(seed);
    try (RecordLoad globex = RecordLoad.start(settings("globex", seed + 1, List.of(), 400));
        RecordLoad acme = RecordLoad.start(settings)) {
      acme.awaitAcknowledged(600, PATIENCE);
      online.copy();
      acme.awaitAcknowledged(300, PATIENCE);
      online.catchUp();
      assertThat(online.verify().namedMismatches()).isEmpty();
      assertThat(online.leak().namedMismatches()).isEmpty();
      followUntilStopped(online, acme);
      acme.close();

      Drained drained = online.drain();

      assertThat(drained.checks())
          .extracting(CheckResult::status)
          .containsExactly(CheckResult.Status.PASSED);
      assertThat(online.quiet().namedMismatches()).isEmpty();
      globex.awaitAcknowledged(50, PATIENCE);
      assertThat(acme.journal().abortedCount()).isPositive();
      RecordJudge judge =
          new RecordJudge(
              acme, settings, TestServers.dedicatedKafka().bootstrapServers(), fixture.to);
      assertThat(judge.records()).isEmpty();
      assertThat(judge.groups(dedicatedGroups())).isEmpty();
      fixture.migration.finalizeTopics(online.context, ProgressMonitor.unmonitored());
      fixture.migration.removeAnchor(online.context);
    }
  }

  /** Follows as while an approval is awaited, some hundred records long. */
  private static void followUntilStopped(OnlineRecords online, RecordLoad load) throws Exception {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> following =
        CompletableFuture.runAsync(() -> online.follow(Following.UNTIL_STOPPED, monitor));
    load.awaitAcknowledged(400, PATIENCE);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                monitor.latest().doing().contains("the last round carried over")
                    && monitor.latest().done() > 0);
    monitor.cancel();
    assertThatThrownBy(following::join)
        .hasCauseInstanceOf(MigrationException.class)
        .hasMessageContaining("cancelled");
    monitor.assertForecastIsOfWhatWasSeen();
  }

  @Test
  void aTopicOfTheTenantsOwnArrivesWhole() throws Exception {
    fixture.shared.createTopic(fixture.from, PARTITIONS, Map.of());
    RecordLoadSettings settings =
        new RecordLoadSettings(
            TestServers.kafka().bootstrapServers(),
            fixture.from,
            PARTITIONS,
            KafkaFixture.TENANT,
            List.of(),
            Stream.of(GROUPS).map(fixture::sharedGroup).toList(),
            5,
            600);
    OnlineRecords online =
        new OnlineRecords(
            fixture,
            fixture.context(new KafkaSpec.Topic(fixture.from, fixture.to, null, true), GROUPS));
    try (RecordLoad acme = RecordLoad.start(settings)) {
      acme.awaitAcknowledged(300, PATIENCE);
      online.copy();
      online.catchUp();
      assertThat(online.verify().namedMismatches()).isEmpty();
      acme.awaitAcknowledged(300, PATIENCE);
      acme.close();

      online.drain();

      RecordJudge judge =
          new RecordJudge(
              acme, settings, TestServers.dedicatedKafka().bootstrapServers(), fixture.to);
      assertThat(judge.records()).isEmpty();
      assertThat(judge.groups(dedicatedGroups())).isEmpty();
    }
  }

  @Test
  void aRollbackRemovesAllAndTheTenantWritesOn() throws Exception {
    fixture.shared.createTopic(fixture.from, PARTITIONS, Map.of());
    OnlineRecords online = new OnlineRecords(fixture, fixture.context(GROUPS));
    try (RecordLoad acme = RecordLoad.start(tenant(3))) {
      acme.awaitAcknowledged(200, PATIENCE);
      online.copy();
      online.catchUp();
      acme.awaitAcknowledged(100, PATIENCE);

      RollbackStep step = fixture.migration.deleteTopics(online.context);

      assertThat(step.status()).isEqualTo(RollbackStep.Status.DONE);
      assertThat(fixture.dedicated.hasTopic(fixture.to)).isFalse();
      assertThat(fixture.dedicated.groups()).noneMatch(group -> group.contains(fixture.id));
      acme.awaitAcknowledged(100, PATIENCE);
    }
  }
}
