package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A neighbour's transaction that stays open in a shared topic for as long as a move takes. */
@Timeout(240)
class NeighboursTransactionIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader", "ahead");
  private Producer<byte[], byte[]> neighbour;
  private Producer<byte[], byte[]> other;

  /** The tenant's are at 0, 1 and 2; the neighbour hides what follows 3. */
  @BeforeEach
  void seed() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    neighbour = fixture.shared.transactionalProducer("neighbour-" + fixture.id);
    other = fixture.shared.transactionalProducer("other-" + fixture.id);
  }

  private void hide() {
    fixture.shared.send(
        List.of(
            record(fixture.from, 0, KafkaFixture.TENANT, "k", "first"),
            record(fixture.from, 0, KafkaFixture.TENANT, "k", "second"),
            record(fixture.from, 0, KafkaFixture.TENANT, "k", "third")));
    neighbour.beginTransaction();
    var hidden = neighbour.send(record(fixture.from, 0, "globex", "k", "open"));
    neighbour.flush();
    assertThat(hidden).isDone();
    fixture.shared.send(List.of(record(fixture.from, 0, "globex", "k", "behind")));
    fixture.shared.commit(fixture.sharedGroup("reader"), fixture.from, 0, 1);
    // a reader that does not mind transactions
    fixture.shared.commit(fixture.sharedGroup("ahead"), fixture.from, 0, 5);
  }

  @AfterEach
  void close() {
    neighbour.close(Duration.ofSeconds(1));
    other.close(Duration.ofSeconds(1));
    fixture.close();
  }

  private void assertArrived() {
    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("first", "second", "third");
    assertThat(fixture.dedicated.position(fixture.dedicatedGroup("reader"), fixture.to, 0))
        .hasValue(fixture.dedicated.read(fixture.to, 0).get(1).offset());
    assertThat(
            fixture.dedicated.position(fixture.dedicatedGroup("ahead"), fixture.to, 0).orElse(-1L))
        .isGreaterThan(fixture.dedicated.read(fixture.to, 0).get(2).offset());
  }

  @Test
  void planNamesIt() {
    hide();

    assertThat(fixture.migration.plan(context, UNMONITORED).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning).extracting(Warning::object).isEqualTo(fixture.from);
              assertThat(warning.message())
                  .startsWith("An open transaction hides the records of partition 0 from offset 3")
                  .contains("transactional id 'neighbour-%s'".formatted(fixture.id))
                  .contains("rolls back after 75s while the tenant is read-only");
            });
  }

  @Test
  void itIsNoReasonToWaitWhereItHidesNothingOfTheTenants() {
    hide();
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);

    var unused = fixture.migration.replay(context, UNMONITORED);

    assertThat(
            new RecordComparison(fixture.secrets, fixture.journal)
                .compare(context, UNMONITORED)
                .namedMismatches())
        .isEmpty();
    assertArrived();
  }

  @Test
  void itIsNoReasonToWaitWhileTheTenantWorksEither() {
    OnlineRecords online = new OnlineRecords(fixture, context);
    hide();
    online.copy();
    online.catchUp();
    assertThat(online.verify().namedMismatches()).isEmpty();

    // nothing came after the check, so there is nothing to compare
    assertThat(online.drain().checks()).isEmpty();

    assertThat(online.quiet().namedMismatches()).isEmpty();
    assertArrived();
  }

  @Test
  void onlyTheTransactionThatHidesSomethingOfTheTenantsIsWaitedFor() {
    hideTenantsThenOnlyNeighbours();
    MigrationContext impatient = waiting("2s");
    fixture.migration.provision(impatient, UNMONITORED);
    fixture.migration.readPositions(impatient, UNMONITORED);
    neighbour.commitTransaction();

    var unused = fixture.migration.replay(impatient, UNMONITORED);

    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("first", "hidden");
  }

  @Test
  void onlyThatOneIsWaitedForInADrainEither() {
    OnlineRecords online = new OnlineRecords(fixture, waiting("2s"));
    online.copy();
    online.catchUp();
    hideTenantsThenOnlyNeighbours();
    CompletableFuture<Drained> drained = CompletableFuture.supplyAsync(online::drain);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> online.positionsAreRead() || drained.isDone());
    neighbour.commitTransaction();

    assertThat(drained.join().checks()).allMatch(check -> check.mismatches().isEmpty());

    assertThat(fixture.dedicated.values(fixture.to, 0)).containsExactly("first", "hidden");
  }

  @Test
  void theRequestSaysHowLongItIsWaitedFor() {
    MigrationContext impatient = waiting("2s");
    OnlineRecords online = new OnlineRecords(fixture, impatient);
    online.copy();
    online.catchUp();
    hideTenantsThenOnlyNeighbours();
    long begun = System.nanoTime();

    assertThatThrownBy(online::drain)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(
            "open transaction in %s-0 that has hidden the records from offset 1"
                .formatted(fixture.from))
        .hasMessageContaining("kafka.openTransactions.timeout")
        .extracting("type")
        .isEqualTo(FailureType.DRAIN_TIMED_OUT);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(45));
    assertThatThrownBy(online::catchUp)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("kafka.openTransactions.timeout")
        .extracting("type")
        .isEqualTo(FailureType.DRAIN_TIMED_OUT);
  }

  /** The neighbour hides a record of the tenant's, and another one hides only its own. */
  private void hideTenantsThenOnlyNeighbours() {
    fixture.shared.send(List.of(record(fixture.from, 0, KafkaFixture.TENANT, "k", "first")));
    neighbour.beginTransaction();
    var unused = neighbour.send(record(fixture.from, 0, "globex", "k", "open"));
    neighbour.flush();
    fixture.shared.send(List.of(record(fixture.from, 0, KafkaFixture.TENANT, "k", "hidden")));
    other.beginTransaction();
    var unusedToo = other.send(record(fixture.from, 0, "initech", "k", "open for long"));
    other.flush();
    fixture.shared.send(List.of(record(fixture.from, 0, "globex", "k", "behind")));
  }

  private MigrationContext waiting(String wait) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    return fixture.context(
        new KafkaSpec(
            spec.source(),
            spec.target(),
            spec.topics(),
            spec.consumerGroups(),
            new KafkaSpec.OpenTransactions(ShortDuration.parse(wait))));
  }
}
