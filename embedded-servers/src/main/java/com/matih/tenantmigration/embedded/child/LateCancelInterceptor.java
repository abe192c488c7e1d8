package com.matih.tenantmigration.embedded.child;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.temporal.api.command.v1.Command;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.CommandType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a workflow alive that cancels an activity in the very moment in which that activity ends.
 *
 * <p>The worker cannot know of the end yet. A real server takes such a cancel; the in-memory one
 * rejects the workflow task half-way through and never hands out another. Here the task is failed
 * before the server sees it, as a real server fails one that missed an event, so that the worker
 * decides again and knows of the end.
 */
final class LateCancelInterceptor implements ServerInterceptor {

  private static final Set<MethodDescriptor<?, ?>> ENDS_OF_ACTIVITIES =
      Set.of(
          WorkflowServiceGrpc.getRespondActivityTaskCompletedMethod(),
          WorkflowServiceGrpc.getRespondActivityTaskFailedMethod(),
          WorkflowServiceGrpc.getRespondActivityTaskCanceledMethod());

  private final WorkflowServiceBlockingStub server;

  /** Whose task each token is, from the answer that handed it out. */
  private final Map<ByteString, WorkflowExecution> tasks = new ConcurrentHashMap<>();

  /** No activity ends between the look at a workflow task and its processing. */
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /**
   * @param server reaches the intercepted server
   */
  LateCancelInterceptor(WorkflowServiceBlockingStub server) {
    this.server = server;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> listener = next.startCall(new TaskNotingCall<>(call), headers);
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    if (method.equals(WorkflowServiceGrpc.getRespondWorkflowTaskCompletedMethod())) {
      return new Decision<>(call, listener);
    }
    return ENDS_OF_ACTIVITIES.contains(method) ? new InTurn<>(listener) : listener;
  }

  /** A call whose answer may hand out a workflow task. */
  private final class TaskNotingCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

    TaskNotingCall(ServerCall<Q, R> call) {
      super(call);
    }

    @Override
    public void sendMessage(R answer) {
      if (answer instanceof PollWorkflowTaskQueueResponse task && !task.hasQuery()) {
        tasks.put(task.getTaskToken(), task.getWorkflowExecution());
      }
      super.sendMessage(answer);
    }
  }

  /** A call that is carried out while no other one of its kind is. */
  private class InTurn<Q> extends SimpleForwardingServerCallListener<Q> {

    InTurn(ServerCall.Listener<Q> listener) {
      super(listener);
    }

    @Override
    public void onHalfClose() {
      oneAtATime.lock();
      try {
        carryOut();
      } finally {
        oneAtATime.unlock();
      }
    }

    void carryOut() {
      super.onHalfClose();
    }
  }

  /** A workflow task's outcome, let through unless it cancels what has ended. */
  private final class Decision<Q, R> extends InTurn<Q> {

    private final ServerCall<Q, R> call;
    private @Nullable Q message;

    Decision(ServerCall<Q, R> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q received) {
      message = received;
    }

    @Override
    void carryOut() {
      if (message instanceof RespondWorkflowTaskCompletedRequest task
          && cancelsWhatHasEnded(task)) {
        failed(task);
        call.close(Status.INVALID_ARGUMENT.withDescription("UnhandledCommand"), new Metadata());
        return;
      }
      if (message != null) {
        super.onMessage(message);
      }
      super.carryOut();
    }
  }

  private boolean cancelsWhatHasEnded(RespondWorkflowTaskCompletedRequest task) {
    Set<Long> cancelled =
        task.getCommandsList().stream()
            .filter(
                command ->
                    command.getCommandType()
                        == CommandType.COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK)
            .map(Command::getRequestCancelActivityTaskCommandAttributes)
            .map(attributes -> attributes.getScheduledEventId())
            .collect(Collectors.toCollection(HashSet::new));
    WorkflowExecution execution = tasks.remove(task.getTaskToken());
    if (cancelled.isEmpty() || execution == null) {
      return false;
    }
    cancelled.removeAll(running(task.getNamespace(), execution));
    return !cancelled.isEmpty();
  }

  /** The events that scheduled the activities which have not ended. */
  private Set<Long> running(String namespace, WorkflowExecution execution) {
    Set<String> pending =
        server
            .describeWorkflowExecution(
                DescribeWorkflowExecutionRequest.newBuilder()
                    .setNamespace(namespace)
                    .setExecution(execution)
                    .build())
            .getPendingActivitiesList()
            .stream()
            .map(PendingActivityInfo::getActivityId)
            .collect(Collectors.toSet());
    List<HistoryEvent> events =
        server
            .getWorkflowExecutionHistory(
                GetWorkflowExecutionHistoryRequest.newBuilder()
                    .setNamespace(namespace)
                    .setExecution(execution)
                    .build())
            .getHistory()
            .getEventsList();
    return events.stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .filter(
            event ->
                pending.contains(event.getActivityTaskScheduledEventAttributes().getActivityId()))
        .map(HistoryEvent::getEventId)
        .collect(Collectors.toSet());
  }

  private void failed(RespondWorkflowTaskCompletedRequest task) {
    var unused =
        server.respondWorkflowTaskFailed(
            RespondWorkflowTaskFailedRequest.newBuilder()
                .setTaskToken(task.getTaskToken())
                .setNamespace(task.getNamespace())
                .setIdentity(task.getIdentity())
                .setCause(WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND)
                .build());
  }
}
