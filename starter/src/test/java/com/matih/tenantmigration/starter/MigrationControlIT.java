package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationControlIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ExecutorService ASKING = Executors.newCachedThreadPool();

  private final IdlePlatform platform = new IdlePlatform();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void start() {
    var unused = platform.migrations().start(IdlePlatform.request(tenant));
  }

  @AfterEach
  void stop() {
    platform
        .client()
        .newUntypedWorkflowStub(TemporalNames.workflowId(tenant))
        .terminate("the test is over");
    platform.close();
  }

  @Test
  void aWishIsAnsweredAndOneThatIsRefusedToldWhy() {
    platform.startWorker();
    MigrationControl control = control(PATIENCE);

    assertThat(control.approve(tenant, "ada")).isEqualTo("approved by ada");
    assertThatThrownBy(() -> control.approve(tenant, " "))
        .isInstanceOf(OperationRejectedException.class)
        .hasMessage("Approver name is required.");
  }

  @Test
  void whereTheControlPlaneIsGoneTheMigrationItselfTellsWhereItStands() {
    platform.startWorker();
    platform.takeAway();

    IdlePlatform.Answer answer = platform.run("status", tenant);

    assertThat(answer.code()).as(answer.errors()).isZero();
    assertThat(answer.out()).contains("Tenant " + tenant).contains("COPY");
  }

  @Test
  void aCancelThatIsAcceptedAndCannotBePutOnRecordYetIsNoFailure() {
    platform.startWorker();

    assertThat(control(PATIENCE).cancel(tenant, "wrong window", "dana"))
        .contains("has accepted the command")
        .contains("not recorded yet");
  }

  /** As happens while one worker hangs and another has not taken its work over yet. */
  @Test
  @NeedsTemporalServer
  void aMigrationWhoseWorkflowTasksFailIsAskedUntilAWorkerContinuesIt() throws Exception {
    failWorkflowTasks(3);
    MigrationControl control = control(PATIENCE);

    Future<String> approved = ASKING.submit(() -> control.approve(tenant, "ada"));
    Future<MigrationStatus> status = ASKING.submit(() -> control.status(tenant));
    await().atMost(Duration.ofSeconds(10)).until(MigrationControlIT::somebodyAsksAgain);
    platform.startWorker();

    assertThat(approved.get(60, TimeUnit.SECONDS)).isEqualTo("approved by ada");
    assertThat(status.get(60, TimeUnit.SECONDS).phase()).isEqualTo(Phase.COPY);
  }

  /** Takes the migration's workflow tasks and fails them, as a worker with a broken build does. */
  private void failWorkflowTasks(int times) {
    var service = platform.client().getWorkflowServiceStubs().blockingStub();
    String namespace = platform.client().getOptions().getNamespace();
    for (int failed = 0; failed < times; ) {
      var task =
          service.pollWorkflowTaskQueue(
              PollWorkflowTaskQueueRequest.newBuilder()
                  .setNamespace(namespace)
                  .setTaskQueue(TaskQueue.newBuilder().setName(TemporalNames.TASK_QUEUE))
                  .build());
      if (task.getTaskToken().isEmpty()) {
        continue;
      }
      var unused =
          service.respondWorkflowTaskFailed(
              RespondWorkflowTaskFailedRequest.newBuilder()
                  .setNamespace(namespace)
                  .setTaskToken(task.getTaskToken())
                  .setCause(
                      WorkflowTaskFailedCause
                          .WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE)
                  .build());
      failed++;
    }
  }

  @Test
  void aCancelThatNoWorkerTakesIsGivenUpWholeAndSaidToBeAbleToArriveYet() {
    assertThatThrownBy(() -> control(Duration.ofSeconds(2)).cancel(tenant, "x", "dana"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("No worker answered")
        .hasMessageContaining("may still arrive");

    await().atMost(Duration.ofSeconds(10)).until(() -> !MigrationControlIT.somebodyAsks());
  }

  /** Whether a thread waits for an answer; idle ones of the pool do not. */
  private static boolean somebodyAsks() {
    return framesOfThoseWhoAsk()
        .anyMatch(frame -> frame.getClassName().startsWith(MigrationControl.class.getName()));
  }

  private static boolean somebodyAsksAgain() {
    return framesOfThoseWhoAsk().anyMatch(frame -> frame.getMethodName().equals("sleep"));
  }

  private static Stream<StackTraceElement> framesOfThoseWhoAsk() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("control"))
        .flatMap(thread -> Arrays.stream(thread.getValue()));
  }

  private MigrationControl control(Duration patience) {
    return new MigrationControl(
        platform.client(),
        platform.controlPlane().migrations(),
        new OutsideEnds(platform.client(), platform.controlPlane()),
        patience,
        Duration.ofSeconds(2));
  }
}
