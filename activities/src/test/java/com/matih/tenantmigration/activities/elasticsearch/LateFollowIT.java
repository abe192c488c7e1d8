package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An attempt that is frozen at any of its steps, and resumes when the index is the tenant's and in
 * service, changes nothing. One that is killed there leaves nothing that the next one cannot set
 * right.
 */
@Order(1) // it takes long
@Execution(ExecutionMode.CONCURRENT) // each with indices of its own
class LateFollowIT extends OnlineIndexLab {

  private static final int MOST_STEPS = 200;

  /** An attempt lives for so many steps after it resumes, so that each is taken late once. */
  private static final int STRIDE = Frozen.STEPS_TO_LIVE;

  /** What was done before the attempt began that is frozen. */
  private Consumer<MigrationContext> beforeAttempt =
      migration -> copier.copy(migration.whileTenantWorks(), MONITOR);

  /** What was done after it was frozen, and before the drain. */
  private Consumer<MigrationContext> laterAttempt = migration -> {};

  @Test
  void aLateRoundChangesNothing() {
    assertHarmless(
        8,
        (migration, monitor) ->
            follower.follow(migration.whileTenantWorks(), Following.UNTIL_CAUGHT_UP, monitor));
  }

  @Test
  void aLateComparisonChangesNothing() {
    assertHarmless(8, (migration, monitor) -> check.compare(migration.whileTenantWorks(), monitor));
  }

  @Test
  void aLateDrainChangesNothing() {
    assertHarmless(10, (migration, monitor) -> drain.drain(migration, monitor));
  }

  /** The drain takes its turn from one who has left, and blocks no writes for that. */
  @Test
  void aLateDrainAfterTheFollowersEndChangesNothing() {
    beforeAttempt =
        migration -> {
          copier.copy(migration.whileTenantWorks(), MONITOR);
          follower.follow(migration.whileTenantWorks(), Following.UNTIL_CAUGHT_UP, MONITOR);
        };
    assertHarmless(8, (migration, monitor) -> drain.drain(migration, monitor));
  }

  @Test
  void aLateBaseCopyChangesNothing() {
    laterAttempt = beforeAttempt;
    beforeAttempt = migration -> {};
    assertHarmless(10, (migration, monitor) -> copier.copy(migration.whileTenantWorks(), monitor));
  }

  private void assertHarmless(
      int fewestSteps, BiConsumer<MigrationContext, ProgressMonitor> attempt) {
    index.fill(20);
    int step = 1;
    while (resumesHarmlesslyAt(step, attempt)) {
      step += STRIDE;
      assertThat(step).isLessThan(MOST_STEPS);
    }
    assertThat(step).as("steps of an attempt").isGreaterThan(fewestSteps);
  }

  /** Answers whether the attempt has so many steps. */
  private boolean resumesHarmlesslyAt(
      int step, BiConsumer<MigrationContext, ProgressMonitor> attempt) {
    SharedIndex moved = index.underAnotherName();
    MigrationContext migration = online(moved.from(), moved.to());
    write("doc-4", step);
    provisioner.provision(migration, MONITOR);
    beforeAttempt.accept(migration);
    write("doc-3", step);
    shared.delete("/%s/_doc/doc-4".formatted(moved.from()));
    Frozen frozen = new Frozen(step);
    CompletableFuture<?> late =
        CompletableFuture.runAsync(() -> attempt.accept(migration, frozen))
            .whenComplete((nothing, failure) -> frozen.standing.countDown());
    frozen.awaitStanding();
    if (late.isDone()) {
      return false;
    }
    laterAttempt.accept(migration);
    assertThat(drain.drain(migration, MONITOR).checks())
        .allMatch(result -> result.status() == CheckResult.Status.PASSED);
    String doc = "/" + moved.to() + "/_doc/";
    dedicated.delete(doc + "doc-7");
    dedicated.put(doc + "doc-3", "{\"tenant_id\":\"acme-tenant-id\",\"amount\":-1}");
    JsonNode live = describe(moved.to());

    frozen.letGo();
    var unusedEnd = late.handle((nothing, failure) -> true).join();

    assertThat(describe(moved.to())).as("frozen before step %d", step).isEqualTo(live);
    assertThat(live.at("/settings/index/refresh_interval").asText()).isEqualTo("7s");
    assertThat(live.at("/settings/index/gc_deletes").isMissingNode()).isTrue();
    assertThat(live.at("/settings/index/blocks").isMissingNode()).isTrue();
    assertThat(dedicated.count(moved.to())).as("frozen before step %d", step).isEqualTo(18);
    assertThat(dedicated.source(moved.to(), "doc-3")).contains("\"amount\":-1");
    assertThat(quiet.findWrites(migration, MONITOR).namedMismatches()).isEmpty();
    dedicated.delete("/" + moved.to());
    return true;
  }

  private void write(String id, int amount) {
    shared.put(
        "/%s/_doc/%s".formatted(index.from(), id),
        "{\"tenant_id\":\"acme-tenant-id\",\"amount\":%d}".formatted(amount));
  }

  private JsonNode describe(String name) {
    return dedicated.get("/" + name).path(name);
  }
}
