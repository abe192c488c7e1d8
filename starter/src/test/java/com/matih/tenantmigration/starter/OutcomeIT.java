package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.client.WorkflowStub;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose end one is told who waits for a migration's. */
class OutcomeIT {

  private final StubPlatform platform = new StubPlatform();
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
    StartedMigration started = migrations.start(StubPlatform.request(tenant));
    platform.record(tenant, started.migrationId(), started.runId(), Phase.REFUSED, Outcome.REFUSED);
    workflow().signal("approve", "ada");
    workflow().getResult(MigrationReport.class);

    assertThat(migrations.awaitOutcome(started).outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aMigrationThatIsTerminatedBeforeItsFirstRecordIsNotTakenForTheOneBeforeIt() {
    platform.record(
        tenant, earlier, UUID.randomUUID().toString(), Phase.ROLLED_BACK, Outcome.ROLLED_BACK);
    StartedMigration started = migrations.start(StubPlatform.request(tenant));
    workflow().terminate("by mistake");

    assertThatThrownBy(() -> migrations.awaitOutcome(started))
        .isInstanceOf(EndedFromOutsideException.class)
        .hasMessageContaining("terminated in phase PREFLIGHT")
        .hasMessageContaining("by mistake");
  }

  @Test
  void theSameRequestAgainIsTheSameMigration() {
    StartedMigration started = migrations.start(StubPlatform.request(tenant));

    StartedMigration again = migrations.start(StubPlatform.request(tenant));

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
        .contains("Temporal at " + TestServers.temporal().address() + ", namespace default,")
        .contains("does not know run", "in phase COPY", "Check TEMPORAL_ADDRESS")
        .doesNotContain("no longer runs", "Nothing was rolled back", "workflow reset");
    assertThatThrownBy(() -> migrations.cancel(tenant, "x", "dana"))
        .isInstanceOf(WishRefusedException.class)
        .hasMessageContaining("Check TEMPORAL_ADDRESS")
        .hasMessageNotContaining("was ended");
    assertThatThrownBy(() -> migrations.awaitOutcome(tenant))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("does not know run");
  }

  private WorkflowStub workflow() {
    return platform.client().newUntypedWorkflowStub(TemporalNames.workflowId(tenant));
  }
}
