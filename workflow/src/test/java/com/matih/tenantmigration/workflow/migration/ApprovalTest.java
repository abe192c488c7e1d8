package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApprovalTest extends HeldMigration {

  @Test
  void nothingIsFencedBeforeTheApproval() {
    harness.activities.hold("ProvisionIndices", reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.REQUIRED));
    ScriptedActivities.await(reached);
    goOn.countDown();
    awaitPhase(workflow, Phase.AWAITING_APPROVAL);
    assertThat(harness.activities.begun()).doesNotContain("MakeTenantReadOnly");

    assertThat(workflow.approveCutover("dana")).isEqualTo("approved by dana");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anApprovalThatComesEarlyCounts() {
    harness.activities.hold("ProvisionDatabase", reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.REQUIRED));
    ScriptedActivities.await(reached);

    workflow.approve("dana");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anApprovalThatNobodyAskedForIsRefused() {
    TenantMigrationWorkflow workflow = startAndReach("CopyRows");

    assertThatThrownBy(() -> workflow.approveCutover("dana"))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining("does not require approval");
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private static void awaitPhase(TenantMigrationWorkflow workflow, Phase phase) {
    for (int i = 0; i < 400 && workflow.status().phase() != phase; i++) {
      ScriptedActivities.pause(Duration.ofMillis(50));
    }
    assertThat(workflow.status().phase()).isEqualTo(phase);
  }
}
