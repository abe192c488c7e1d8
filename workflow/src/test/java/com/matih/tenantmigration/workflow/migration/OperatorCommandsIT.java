package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.testing.NeedsTctl;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.migration.OperatorTerminal.Answer;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each command that docs/operations.md shows, typed as an operator types it, against a real server
 * and a migration whose activities are scripted.
 */
@NeedsTemporalServer
@Execution(ExecutionMode.SAME_THREAD) // all have the same migration on the same server
class OperatorCommandsIT {

  private static final String ID = TemporalNames.workflowId("acme");

  private final String address = TestServers.temporal().address();
  private final OperatorTerminal terminal = new OperatorTerminal(address);
  private final MigrationHarness harness = MigrationHarness.on(address);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void close() {
    goOn.countDown();
    harness.terminate();
    harness.close();
  }

  @Test
  void describeAndQueryTellWhereAMigrationStands() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    Answer described = terminal.temporal("workflow", "describe", "--workflow-id", ID);
    Answer queried =
        terminal.temporal("workflow", "query", "--workflow-id", ID, "--type", "status");

    assertThat(described.status()).isZero();
    assertThat(described.output())
        .contains("TenantMigrationWorkflow", "Pending Activities", "CopyRows");
    assertThat(queried.status()).isZero();
    assertThat(queried.output()).contains("\"phase\":\"COPY\"", "\"paused\":false");
    goOn.countDown();
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void signalsPauseAndResumeARunningCopy() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    Answer paused = temporalSignal("pause", "\"backup runs\"", "\"dana\"");
    harness.awaitEnded("CopyRows cancelled");
    goOn.countDown();
    Answer resumed = temporalSignal("resume", "\"ada\"");

    assertThat(paused).isEqualTo(new Answer(0, "Signal workflow succeeded\n"));
    assertThat(resumed.status()).isZero();
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("PAUSE", "ACCEPTED"))
        .containsExactly(Map.of("reason", "backup runs", "by", "dana"));
    assertThat(audited("RESUME", "ACCEPTED")).containsExactly(Map.of("by", "ada"));
  }

  @Test
  void aSignalApproves() {
    startAndReach("ProvisionDatabase", Approval.REQUIRED);

    assertThat(temporalSignal("approve", "\"dana\"").status()).isZero();
    goOn.countDown();

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("APPROVAL", "ACCEPTED")).containsExactly(Map.of("approver", "dana"));
  }

  @Test
  void anUpdateApprovesAndAnswersAndASecondOneIsRefused() {
    startAndReach("ProvisionDatabase", Approval.REQUIRED);

    Answer approved = temporalUpdate("approveCutover", "\"dana\"");
    Answer again = temporalUpdate("approveCutover", "\"ada\"");
    goOn.countDown();

    assertThat(approved.status()).isZero();
    assertThat(approved.output()).contains("approveCutover", "approved by dana");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.output()).contains("Already approved by dana.");
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aSignalAndAnUpdateChangeTheThrottle() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    Answer signalled = temporalSignal("throttle", "\"10MB\"", "\"5s\"", "\"dana\"");
    harness.awaitEnded("KeepThrottle");
    Answer updated = temporalUpdate("changeThrottle", "\"off\"", "null", "\"dana\"");
    goOn.countDown();

    assertThat(signalled.status()).isZero();
    assertThat(updated.status()).isZero();
    assertThat(updated.output()).contains("throttle: waits for replicas more than 5s behind");
    assertThat(harness.result().throttle())
        .isEqualTo(new ThrottleSpec(null, Duration.ofSeconds(5)));
    assertThat(audited("THROTTLE", "ACCEPTED")).hasSize(2);
  }

  @Test
  void aSignalCancelsWithAReason() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    Answer answer = temporalSignal("cancelMigration", "\"wrong window\"", "\"dana\"");

    assertThat(answer.status()).isZero();

    assertRolledBack(harness.result(), "wrong window");
    assertThat(audited("CANCEL", "REQUESTED"))
        .containsExactly(Map.of("reason", "wrong window", "by", "dana"));
  }

  @Test
  void anUpdateCancelsAndAnswers() {
    startAndReach("CheckRows", Approval.AUTOMATIC);

    Answer answer = temporalUpdate("requestCancel", "\"wrong tenant\"", "\"dana\"");

    assertThat(answer.status()).isZero();
    assertThat(answer.output()).contains("cancelling in phase VERIFY");
    assertRolledBack(harness.result(), "wrong tenant");
  }

  @Test
  void aNativeCancelRollsBackAndTheRunIsCanceled() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    Answer answer = terminal.temporal("workflow", "cancel", "--workflow-id", ID);

    assertThat(answer.status()).isZero();
    assertEndsAsCanceled();
    assertThat(harness.activities.ended()).contains("CopyRows cancelled", "ReactivateTenant");
    assertThat(terminal.temporal("workflow", "describe", "--workflow-id", ID).output())
        .containsIgnoringCase("canceled");
  }

  @Test
  void pastThePointOfNoReturnEveryCancelIsRefusedAndChangesNothing() {
    startAndReach("ActivateTenant", Approval.AUTOMATIC);

    Answer update = temporalUpdate("requestCancel", "\"too late\"");
    temporalSignal("cancelMigration", "\"too late\"", "\"dana\"");
    terminal.temporal("workflow", "cancel", "--workflow-id", ID);
    goOn.countDown();

    assertThat(update.status()).isEqualTo(1);
    assertThat(update.output()).contains("a rollback would lose those writes");
    assertEndsAsCanceled();
    assertThat(harness.activities.ended())
        .contains("ActivateTenant")
        .doesNotContain("RouteBack", "DropDatabase");
    assertThat(audited("CANCEL", "REFUSED")).hasSize(2);
  }

  @NeedsTctl
  @Test
  void tctlSignalsQueriesAndDescribes() {
    startAndReach("CopyRows", Approval.REQUIRED, () -> tctlSignal("approve", "\"dana\""));

    Answer paused = tctlSignal("pause");
    harness.awaitEnded("CopyRows cancelled");
    Answer queried = terminal.tctl("workflow", "query", "-w", ID, "--query_type", "status");
    Answer described = terminal.tctl("workflow", "describe", "-w", ID);
    goOn.countDown();
    tctlSignal("resume");

    assertThat(paused.status()).isZero();
    assertThat(paused.output()).contains("Signal workflow succeeded.");
    assertThat(queried.output()).contains("COPY");
    assertThat(described.output()).contains("TenantMigrationWorkflow", "Running");
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(audited("APPROVAL", "ACCEPTED")).containsExactly(Map.of("approver", "dana"));
    assertThat(audited("PAUSE", "ACCEPTED")).containsExactly(Map.of());
  }

  @NeedsTctl
  @Test
  void tctlCancelsByASignalWithAReason() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    assertThat(tctlSignal("cancelMigration", "\"wrong window\"").status()).isZero();

    assertRolledBack(harness.result(), "wrong window");
    assertThat(audited("CANCEL", "REQUESTED")).containsExactly(Map.of("reason", "wrong window"));
  }

  @NeedsTctl
  @Test
  void tctlCancelsNatively() {
    startAndReach("CopyRows", Approval.AUTOMATIC);

    assertThat(terminal.tctl("workflow", "cancel", "-w", ID).status()).isZero();

    assertEndsAsCanceled();
    assertThat(harness.activities.ended()).contains("ReactivateTenant");
  }

  private void startAndReach(String activity, Approval approval) {
    startAndReach(activity, approval, () -> {});
  }

  private void startAndReach(String activity, Approval approval, Runnable onceStarted) {
    harness.activities.hold(activity, reached, goOn);
    harness.start(MigrationHarness.request(approval));
    onceStarted.run();
    ScriptedActivities.await(reached);
  }

  private Answer temporalSignal(String name, String... inputs) {
    return terminal.temporal(
        withInputs(inputs, "workflow", "signal", "--workflow-id", ID, "--name", name));
  }

  private Answer temporalUpdate(String name, String... inputs) {
    return terminal.temporal(
        withInputs(inputs, "workflow", "update", "execute", "--workflow-id", ID, "--name", name));
  }

  /** A signal of tctl carries one argument at most. */
  private Answer tctlSignal(String name, String... input) {
    return terminal.tctl(withInputs(input, "workflow", "signal", "-w", ID, "--name", name));
  }

  private static String[] withInputs(String[] inputs, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    for (String input : inputs) {
      all.addAll(List.of("--input", input));
    }
    return all.toArray(new String[0]);
  }

  private List<Map<String, String>> audited(String event, String outcome) {
    return harness.activities.audit().stream()
        .filter(entry -> entry.event().equals(event) && entry.outcome().equals(outcome))
        .map(Entry::details)
        .toList();
  }

  private void assertEndsAsCanceled() {
    assertThatThrownBy(harness::result)
        .isInstanceOf(WorkflowFailedException.class)
        .hasCauseInstanceOf(CanceledFailure.class);
  }

  private static void assertRolledBack(MigrationReport report, String reason) {
    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertThat(report.failure().message()).isEqualTo(reason);
  }
}
