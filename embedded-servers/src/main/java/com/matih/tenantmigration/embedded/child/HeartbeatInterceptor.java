package com.matih.tenantmigration.embedded.child;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has an activity's heartbeat wait while its workflow's task is carried out.
 *
 * <p>A heartbeat is no event, and a real server's history does not know it. The in-memory server
 * notes one that comes during a workflow task as if it were, and has the workflow decide once more
 * for nothing: three events of its history for each.
 */
final class HeartbeatInterceptor implements ServerInterceptor {

  /** A worker that dies with a task leaves it open; its activities' heartbeats go on. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** The run of each task that was handed out; the server itself forgets nothing either. */
  private final Map<ByteString, String> runs = new ConcurrentHashMap<>();

  /** The runs whose workflow task a worker has. */
  private final Set<String> deciding = new HashSet<>();

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall<Q, R> noting =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(R answer) {
            if (answer instanceof PollWorkflowTaskQueueResponse task
                && !task.getTaskToken().isEmpty()
                && !task.hasQuery()) {
              runs.put(task.getTaskToken(), task.getWorkflowExecution().getRunId());
              began(task.getWorkflowExecution().getRunId());
            } else if (answer instanceof PollActivityTaskQueueResponse task) {
              runs.put(task.getTaskToken(), task.getWorkflowExecution().getRunId());
            }
            super.sendMessage(answer);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(noting, headers)) {
      private String decided = "";

      @Override
      public void onMessage(Q message) {
        if (message instanceof RecordActivityTaskHeartbeatRequest heartbeat) {
          awaitDecision(runs.getOrDefault(heartbeat.getTaskToken(), ""));
        } else if (message instanceof RespondWorkflowTaskCompletedRequest task) {
          decided = runs.getOrDefault(task.getTaskToken(), "");
        } else if (message instanceof RespondWorkflowTaskFailedRequest task) {
          decided = runs.getOrDefault(task.getTaskToken(), "");
        }
        super.onMessage(message);
      }

      @Override
      public void onHalfClose() {
        super.onHalfClose();
        if (!decided.isEmpty()) {
          ended(decided);
        }
      }
    };
  }

  private synchronized void began(String run) {
    deciding.add(run);
  }

  private synchronized void ended(String run) {
    deciding.remove(run);
    notifyAll();
  }

  private synchronized void awaitDecision(String run) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (long left = PATIENCE.toMillis();
          left > 0 && deciding.contains(run);
          left = (until - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
