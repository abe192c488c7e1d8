package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic of 200 partitions, each with records of the tenant. */
class ManyPartitionsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final int PARTITIONS = 200;

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @BeforeEach
  void seed() {
    fixture.shared.createTopic(fixture.from, PARTITIONS, Map.of());
    send(0);
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 150, 1);
  }

  private void send(int round) {
    fixture.shared.send(
        IntStream.range(0, 2 * PARTITIONS)
            .mapToObj(
                number ->
                    TestCluster.record(
                        fixture.from,
                        number % PARTITIONS,
                        number < PARTITIONS ? KafkaFixture.TENANT : "globex",
                        "k",
                        "%d of %d".formatted(round, number)))
            .toList());
  }

  private void assertArrived(int rounds) {
    for (int partition : List.of(0, 1, 99, 150, 198, 199)) {
      int number = partition;
      assertThat(fixture.dedicated.values(fixture.to, partition))
          .containsExactlyElementsOf(
              IntStream.range(0, rounds)
                  .mapToObj(round -> "%d of %d".formatted(round, number))
                  .toList());
    }
    assertThat(fixture.dedicated.position(fixture.dedicatedGroup("reader"), fixture.to, 150))
        .isPresent();
  }

  @Test
  void allMoveWhileTheTenantIsReadOnly() {
    MigrationContext context = fixture.context("reader");
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);

    var replayed = fixture.migration.replay(context, UNMONITORED);

    assertThat(replayed.kafka().topics().get(0).records()).isEqualTo(PARTITIONS);
    assertThat(
            new RecordComparison(fixture.secrets, fixture.journal)
                .compare(context, UNMONITORED)
                .namedMismatches())
        .isEmpty();
    assertArrived(1);
    assertThat(fixture.migration.deleteTopics(context).status())
        .isEqualTo(RollbackStep.Status.DONE);
  }

  @Test
  void allMoveWhileTheTenantWorks() {
    OnlineRecords online = new OnlineRecords(fixture, fixture.context("reader"));
    online.copy();
    send(1);
    online.catchUp();
    assertThat(online.verify().namedMismatches()).isEmpty();
    send(2);

    Drained drained = online.drain();

    assertThat(drained.checks())
        .extracting(CheckResult::status)
        .containsExactly(CheckResult.Status.PASSED);
    assertArrived(3);
  }
}
