package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ActivityFailure;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the in-memory server does as a real one, though the SDK's own does not. */
class InMemoryTemporalIT {

  private static final String QUEUE = "it";

  private static ServerFolder folder;
  private static TemporalServer server;
  private static WorkflowServiceStubs service;
  private static WorkflowClient client;

  /** Lets the activity end while the workflow's own task is being carried out. */
  private static volatile CountDownLatch taskRuns = new CountDownLatch(1);

  /** Waits for a signal, then stops its activity. */
  @WorkflowInterface
  public interface Stopping {
    @WorkflowMethod
    String run();

    @SignalMethod
    void stop();
  }

  /** Ends when the workflow's task runs. */
  @ActivityInterface
  public interface Ending {
    String end();
  }

  /** Cancels the activity in a task that began before, and ends after, the activity's end. */
  public static final class StoppingWorkflow implements Stopping {

    private final Ending activity =
        Workflow.newActivityStub(
            Ending.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .build());
    private boolean stopped;

    @Override
    public String run() {
      CompletablePromise<String> result = Workflow.newPromise();
      CancellationScope scope =
          Workflow.newCancellationScope(() -> result.completeFrom(Async.function(activity::end)));
      scope.run();
      Workflow.await(() -> stopped);
      taskRuns.countDown();
      pause();
      scope.cancel();
      try {
        return result.get();
      } catch (ActivityFailure e) {
        return "cancelled";
      }
    }

    /** Long enough for the activity's end to reach the server; a replay waits as well. */
    private static void pause() {
      try {
        Thread.sleep(1_500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void stop() {
      stopped = true;
    }
  }

  /** Its only implementation. */
  public static final class EndingActivity implements Ending {

    @Override
    public String end() {
      await().atMost(Duration.ofSeconds(30)).until(() -> taskRuns.getCount() == 0);
      return "ended";
    }
  }

  @BeforeAll
  static void start() {
    folder = ServerFolder.temporary("temporal-it-");
    server = TemporalServer.startInMemory(folder, "temporal");
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server.address()).build());
    client = WorkflowClient.newInstance(service);
  }

  @AfterAll
  static void stop() {
    service.shutdownNow();
    server.close();
    folder.close();
  }

  @BeforeEach
  void noTaskRunsYet() {
    taskRuns = new CountDownLatch(1);
  }

  @Test
  void aCancelThatCrossesTheEndOfItsActivityStrandsNothing() throws TimeoutException {
    WorkerFactory workers = startWorker();
    try {
      WorkflowStub workflow = startWorkflow("crossing");
      workflow.signal("stop");

      assertThat(workflow.getResult(30, TimeUnit.SECONDS, String.class)).isEqualTo("ended");
      assertThat(client.fetchHistory("crossing").getEvents())
          .anyMatch(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED);
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void theWorkflowsOfAWorkerThatIsGoneAreTakenOver() throws TimeoutException {
    WorkerFactory first = startWorker();
    WorkflowStub workflow = startWorkflow("orphan");
    taskRuns.countDown();
    awaitActivityEnded(workflow);
    first.shutdownNow();
    first.awaitTermination(10, TimeUnit.SECONDS);
    workflow.signal("stop");

    WorkerFactory second = startWorker();
    try {
      assertThat(workflow.getResult(60, TimeUnit.SECONDS, String.class)).isIn("ended", "cancelled");
    } finally {
      second.shutdownNow();
    }
  }

  /** By then the worker holds the workflow in its cache. */
  private static void awaitActivityEnded(WorkflowStub workflow) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                client.fetchHistory(workflow.getExecution().getWorkflowId()).getEvents().stream()
                    .anyMatch(
                        event ->
                            event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED));
  }

  private static WorkflowStub startWorkflow(String id) {
    WorkflowStub workflow =
        client.newUntypedWorkflowStub(
            "Stopping", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build());
    var unused = workflow.start();
    return workflow;
  }

  private static WorkerFactory startWorker() {
    WorkerFactory workers = WorkerFactory.newInstance(client);
    Worker worker =
        workers.newWorker(
            QUEUE, WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(20_000).build());
    worker.registerWorkflowImplementationTypes(StoppingWorkflow.class);
    worker.registerActivitiesImplementations(new EndingActivity());
    workers.start();
    return workers;
  }
}
