package com.matih.tenantmigration.embedded.child;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.QueryResultType;
import io.temporal.api.enums.v1.TaskQueueKind;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
import io.temporal.api.workflowservice.v1.RespondQueryTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the workflows of a worker that died to the others.
 *
 * <p>A worker that holds a workflow in its cache polls a sticky queue of its own. A real server
 * offers a task there for some seconds and then to every worker; the in-memory one leaves it there
 * for ever. Here a sticky queue that nobody polls is emptied: its workflow tasks are failed, which
 * puts them back into the queue that all workers poll.
 */
final class DeadWorkerInterceptor implements ServerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(DeadWorkerInterceptor.class);

  /** The SDK's own patience with a sticky queue. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final String OWN_IDENTITY = "dead-worker-interceptor";

  private final WorkflowServiceBlockingStub server;
  private final Map<StickyQueue, Polls> queues = new ConcurrentHashMap<>();

  /**
   * @param server reaches the intercepted server
   */
  DeadWorkerInterceptor(WorkflowServiceBlockingStub server) {
    this.server = server;
  }

  /** Looks after the sticky queues as long as this JVM lives. */
  void start() {
    ScheduledExecutorService rounds =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, OWN_IDENTITY);
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        rounds.scheduleWithFixedDelay(
            this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    if (!call.getMethodDescriptor().equals(WorkflowServiceGrpc.getPollWorkflowTaskQueueMethod())) {
      return listener;
    }
    Context context = Context.current();
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        if (message instanceof PollWorkflowTaskQueueRequest poll
            && poll.getTaskQueue().getKind() == TaskQueueKind.TASK_QUEUE_KIND_STICKY
            && !poll.getIdentity().equals(OWN_IDENTITY)) {
          Polls polls =
              queues.computeIfAbsent(
                  new StickyQueue(poll.getNamespace(), poll.getTaskQueue()), key -> new Polls());
          polls.began();
          // told at once, even while the server still waits for a task for this poll
          context.addListener(ended -> polls.ended(), Runnable::run);
        }
        super.onMessage(message);
      }
    };
  }

  private void round() {
    queues.forEach(
        (queue, polls) -> {
          try {
            while (polls.areOver() && moved(queue)) {
              log.info("took a task from {}, which no worker polls any more", queue);
            }
          } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
              log.warn("cannot look after {}", queue, e);
            }
          }
        });
  }

  /** Whether a task was there. */
  private boolean moved(StickyQueue queue) {
    WorkflowServiceBlockingStub stub = server;
    PollWorkflowTaskQueueResponse task =
        stub.withDeadlineAfter(POLL.toMillis(), TimeUnit.MILLISECONDS)
            .pollWorkflowTaskQueue(
                PollWorkflowTaskQueueRequest.newBuilder()
                    .setNamespace(queue.namespace())
                    .setTaskQueue(queue.taskQueue())
                    .setIdentity(OWN_IDENTITY)
                    .build());
    if (task.getTaskToken().isEmpty()) {
      return false;
    }
    if (task.hasQuery()) {
      var unused =
          stub.respondQueryTaskCompleted(
              RespondQueryTaskCompletedRequest.newBuilder()
                  .setNamespace(queue.namespace())
                  .setTaskToken(task.getTaskToken())
                  .setCompletedType(QueryResultType.QUERY_RESULT_TYPE_FAILED)
                  .setErrorMessage(
                      "The worker that held the workflow is gone; ask again when another one has"
                          + " taken it over.")
                  .build());
    } else {
      var unused =
          stub.respondWorkflowTaskFailed(
              RespondWorkflowTaskFailedRequest.newBuilder()
                  .setNamespace(queue.namespace())
                  .setTaskToken(task.getTaskToken())
                  .setIdentity(OWN_IDENTITY)
                  .setCause(
                      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE)
                  .build());
    }
    return true;
  }

  private record StickyQueue(String namespace, TaskQueue taskQueue) {

    @Override
    public String toString() {
      return taskQueue.getName();
    }
  }

  /** How many polls of a queue are open, and since when none is. */
  private static final class Polls {

    private int open;
    private long lastEnd;

    synchronized void began() {
      open++;
    }

    synchronized void ended() {
      open--;
      lastEnd = System.nanoTime();
    }

    synchronized boolean areOver() {
      return open == 0 && System.nanoTime() - lastEnd > PATIENCE.toNanos();
    }
  }
}
