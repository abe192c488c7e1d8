package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose end one is told who waits for a migration's. */
class OutcomeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IdlePlatform platform = new IdlePlatform();
  private final TenantMigrations migrations = platform.migrations();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final String earlier = UUID.randomUUID().toString().substring(24);

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void aMigrationThatIsRefusedBesideAnUnfinishedOneIsToldAsRefused() throws Exception {
    platform.startWorker();
    platform.record(tenant, earlier, UUID.randomUUID().toString(), Phase.COPY, Outcome.RUNNING);
    StartedMigration started = migrations.start(IdlePlatform.request(tenant));
    platform.record(tenant, started.migrationId(), started.runId(), Phase.REFUSED, Outcome.REFUSED);
    workflow().signal("approve", "ada");
    workflow().getResult(MigrationReport.class);

    assertThat(migrations.awaitOutcome(started).outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aMigrationThatIsTerminatedBeforeItsFirstRecordIsNotTakenForTheOneBeforeIt() {
    platform.record(
        tenant, earlier, UUID.randomUUID().toString(), Phase.ROLLED_BACK, Outcome.ROLLED_BACK);
    StartedMigration started = migrations.start(IdlePlatform.request(tenant));
    workflow().terminate("by mistake");

    assertThatThrownBy(() -> migrations.awaitOutcome(started))
        .isInstanceOf(EndedFromOutsideException.class)
        .hasMessageContaining("terminated in phase PREFLIGHT")
        .hasMessageContaining("by mistake");
  }

  @Test
  void theSameRequestAgainIsTheSameMigration() {
    StartedMigration started = migrations.start(IdlePlatform.request(tenant));

    StartedMigration again = migrations.start(IdlePlatform.request(tenant));

    assertThat(again.alreadyRunning()).isTrue();
    assertThat(again.migrationId()).isEqualTo(started.migrationId());
    workflow().terminate("the test is over");
  }

  @Test
  void aMigrationThatTheTemporalThatWasAskedDoesNotKnowIsNotSaidToBeOver() {
    platform.record(tenant, earlier, UUID.randomUUID().toString(), Phase.COPY, Outcome.RUNNING);

    EndedFromOutside end =
        migrations.look(tenant).map(LiveMigration::endedFromOutside).orElseThrow();

    assertThat(end.told() + end.remedy())
        .contains("Temporal at " + platform.temporalAddress() + ", namespace default,")
        .contains("does not know run", "in phase COPY", "Check TEMPORAL_ADDRESS")
        .doesNotContain("no longer runs", "Nothing was rolled back", "workflow reset");
    assertThatThrownBy(() -> migrations.cancel(tenant, "x", "dana"))
        .isInstanceOf(OperationRejectedException.class)
        .hasMessageContaining("Check TEMPORAL_ADDRESS")
        .hasMessageNotContaining("was ended");
    assertThatThrownBy(() -> migrations.awaitOutcome(tenant))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("does not know run");
  }

  @Test
  void whoIsToBeCalledBackWaitsForAControlPlaneThatIsAway() throws Exception {
    platform.record(
        tenant, earlier, UUID.randomUUID().toString(), Phase.ROLLED_BACK, Outcome.ROLLED_BACK);
    platform.takeAway();
    CompletableFuture<MigrationReport> outcome = migrations.outcome(tenant);
    Thread.sleep(2_000);
    assertThat(outcome).isNotDone();

    platform.bringBack();

    assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).outcome())
        .isEqualTo(Outcome.ROLLED_BACK);
  }

  @Test
  void whoNoLongerWaitsIsNoLongerFollowed() {
    platform.takeAway();
    CompletableFuture<MigrationReport> cancelled = migrations.outcome(tenant);
    assertThat(somebodyFollows()).isTrue();

    cancelled.cancel(true);

    await().atMost(PATIENCE).until(() -> !somebodyFollows());
    CompletableFuture<MigrationReport> timedOut =
        migrations.outcome(tenant).orTimeout(1, TimeUnit.SECONDS);
    await().atMost(PATIENCE).until(() -> timedOut.isDone() && !somebodyFollows());
  }

  private boolean somebodyFollows() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("migration-of-" + tenant));
  }

  private WorkflowStub workflow() {
    return platform.client().newUntypedWorkflowStub(TemporalNames.workflowId(tenant));
  }
}
