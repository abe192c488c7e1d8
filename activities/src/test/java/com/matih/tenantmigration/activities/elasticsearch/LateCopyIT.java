package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An attempt that others have overtaken changes nothing any more. */
@Order(1) // it takes longest
@Execution(ExecutionMode.CONCURRENT) // each with an index of its own
class LateCopyIT extends IndexLab {

  @Test
  void anAttemptThatThawsWhenTheIndexIsInServiceChangesNothingWhereverItWasFrozen() {
    index.fill(20);
    int step = 0;
    while (goesOnHarmlesslyAt(++step)) {
      assertThat(step).isLessThan(200);
    }
    assertThat(step).as("steps of a copy").isGreaterThan(10);
  }

  /** Answers whether a copy has so many steps. */
  private boolean goesOnHarmlesslyAt(int step) {
    SharedIndex moved = index.underAnotherName();
    MigrationContext migration = moved.context(TestJournal.newMigrationId());
    provisioner.provision(migration, MONITOR);
    Frozen frozen = new Frozen(step);
    CompletableFuture<?> late =
        CompletableFuture.runAsync(() -> copier.copy(migration, frozen))
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
