package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An attempt that others have overtaken changes nothing any more. */
@Order(1) // it takes longest
@Execution(ExecutionMode.CONCURRENT) // each with an index of its own
class LateCopyIT extends IndexLab {

  /** How many places to freeze at are tried side by side: each waits for the cluster, mostly. */
  private static final int AT_ONCE = 4;

  @Test
  void anAttemptThatThawsWhenTheIndexIsInServiceChangesNothingWhereverItWasFrozen()
      throws Exception {
    index.fill(20);
    AtomicInteger steps = new AtomicInteger();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Integer>> ends = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        ends.add(threads.submit(() -> firstStepBehindTheEnd(steps, threads)));
      }
      for (Future<Integer> end : ends) {
        assertThat(end.get()).as("steps of a copy").isGreaterThan(10);
      }
    } finally {
      var unused = threads.shutdownNow();
    }
  }

  /** Takes one step after the other that nobody else has taken. */
  private int firstStepBehindTheEnd(AtomicInteger steps, Executor threads) {
    int step = steps.incrementAndGet();
    while (goesOnHarmlesslyAt(step, threads)) {
      assertThat(step).isLessThan(200);
      step = steps.incrementAndGet();
    }
    return step;
  }

  /** Answers whether a copy has so many steps. */
  private boolean goesOnHarmlesslyAt(int step, Executor threads) {
    SharedIndex moved = index.underAnotherName();
    MigrationContext migration = moved.context(TestJournal.newMigrationId());
    provisioner.provision(migration, MONITOR);
    Frozen frozen = new Frozen(step);
    CompletableFuture<?> late =
        CompletableFuture.runAsync(() -> copier.copy(migration, frozen), threads)
            .whenComplete((nothing, failure) -> frozen.standing.countDown());
    frozen.awaitStanding();
    if (late.isDone()) {
      return false;
    }
    copier.copy(migration, MONITOR);
    dedicated.put("/" + moved.to() + "/_settings", "{\"index\": {\"gc_deletes\": \"0s\"}}");
    dedicated.delete("/" + moved.to() + "/_doc/doc-7?refresh=true");
    JsonNode live = describe(moved.to());

    frozen.letGo();
    var unused = late.handle((nothing, failure) -> true).join();

    assertThat(refreshInterval(live)).isEqualTo("7s");
    assertThat(describe(moved.to())).as("frozen before step %d", step).isEqualTo(live);
    assertThat(dedicated.count(moved.to())).as("frozen before step %d", step).isEqualTo(19);
    dedicated.delete("/" + moved.to());
    return true;
  }

  @Test
  void anAttemptThatIsOvertakenWhileItWritesIsRefused() {
    index.fill(20_000);
    provisioner.provision(context, MONITOR);

    assertThatThrownBy(
            () ->
                copier.copy(
                    context,
                    new BusyMoment(
                        () ->
                            assertThatThrownBy(
                                    () ->
                                        copier.copy(context, CancellableMonitor.cancellingAfter(0)))
                                .isInstanceOf(MigrationException.class),
                        () -> {})))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("a newer attempt has taken over")
        .extracting("type")
        .isEqualTo(FailureType.WRITER_SUPERSEDED);

    copier.copy(context, MONITOR);
    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void aCopyThatIsWholeIsNotMadeAgain() {
    index.fill(20);
    provisioner.provision(context, MONITOR);
    var first = copier.copy(context, MONITOR);
    JsonNode live = describe(index.to());
    index.fill(30);

    assertThat(copier.copy(context, MONITOR)).isEqualTo(first);

    assertThat(describe(index.to())).isEqualTo(live);
    assertThat(dedicated.count(index.to())).isEqualTo(20);
  }

  @Test
  void anEarlierAttemptThatBeginsLastDoesNotDisturbTheLaterOne() {
    index.fill(20_000);
    provisioner.provision(context, MONITOR);
    Attempt earlier = Attempt.next();

    copier.copy(
        context,
        new BusyMoment(
            () ->
                assertThatThrownBy(() -> copier.copy(context, CancellableMonitor.of(earlier)))
                    .isInstanceOf(MigrationException.class)
                    .extracting("type")
                    .isEqualTo(FailureType.WRITER_SUPERSEDED),
            () -> {}));

    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void theLatestOfAttemptsThatReadTheSameAliasGetsIt() {
    provisioner.provision(context, MONITOR);
    Attempt earlier = Attempt.next();
    Attempt later = Attempt.next();
    try (SearchCluster cluster =
        clients.dedicated(context.spec(ElasticsearchSpec.class), MONITOR)) {
      WriteAlias read = WriteAlias.find(cluster, index.to(), migrationId).orElseThrow();
      WriteAlias first = read.takeOver(earlier).own();

      WriteAlias.TakenOver second = read.takeOver(later);

      assertThat(second.before().name()).isEqualTo(first.name());
      assertThat(second.own().isHeldBy(later)).isTrue();
      assertThatThrownBy(() -> read.takeOver(earlier))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.WRITER_SUPERSEDED);
    }
  }

  @Test
  void noAttemptBeginsAfterTheAliasWasRemoved() {
    index.fill(20);
    provisioner.provision(context, MONITOR);
    remover.removeWriteAliases(context, MONITOR);

    assertThatThrownBy(() -> copier.copy(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
    assertThat(dedicated.count(index.to())).isZero();
  }

  @Test
  void anIndexThatWasThereBeforeIsNotPreparedForLoadingAgain() {
    index.fill(20);
    index.prepareTarget("11s");
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    JsonNode live = describe(index.to());

    provisioner.provision(context, MONITOR);

    assertThat(refreshInterval(live)).isEqualTo("11s");
    assertThat(describe(index.to())).isEqualTo(live);
  }

  private static String refreshInterval(JsonNode index) {
    return index.at("/settings/index/refresh_interval").asText();
  }

  private JsonNode describe(String name) {
    return dedicated.get("/" + name).path(name);
  }
}
