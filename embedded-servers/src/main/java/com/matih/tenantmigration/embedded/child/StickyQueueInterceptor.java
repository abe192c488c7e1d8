package com.matih.tenantmigration.embedded.child;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;

/**
 * Keeps every workflow task in the queue that all workers poll.
 *
 * <p>A worker asks for the next task of a workflow that it holds in its cache on a queue of its
 * own. A real server offers the task there for some seconds and then to every worker; the in-memory
 * one leaves it there for ever, so the workflows of a worker that died would never continue.
 */
final class StickyQueueInterceptor implements ServerInterceptor {

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      @SuppressWarnings("unchecked") // the message stays of its type
      public void onMessage(Q message) {
        super.onMessage(
            message instanceof RespondWorkflowTaskCompletedRequest task
                ? (Q) task.toBuilder().clearStickyAttributes().build()
                : message);
      }
    };
  }
}
