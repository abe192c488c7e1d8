package com.matih.tenantmigration.worker.secrets;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What Temporal keeps of workflows: histories and descriptions, with their payloads decrypted. */
final class TemporalRecords implements AutoCloseable {

  private static final String NAMESPACE = "default";

  private final WorkflowServiceStubs service;
  private final PayloadEncryption encryption;

  TemporalRecords(String address, PayloadEncryption encryption) {
    this.service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
    this.encryption = encryption;
  }

  /** The whole history of a workflow's last run. */
  byte[] history(String workflowId) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteString next = ByteString.EMPTY;
    do {
      GetWorkflowExecutionHistoryResponse page =
          service
              .blockingStub()
              .getWorkflowExecutionHistory(
                  GetWorkflowExecutionHistoryRequest.newBuilder()
                      .setNamespace(NAMESPACE)
                      .setExecution(execution(workflowId))
                      .setNextPageToken(next)
                      .build());
      add(page.getHistory(), all);
      next = page.getNextPageToken();
    } while (!next.isEmpty());
    return all.toByteArray();
  }

  /**
   * Memo, search attributes and user metadata of a workflow's last run, and the heartbeats and last
   * failures of its activities; empty where there is none.
   */
  byte[] description(String workflowId) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      add(
          service
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(NAMESPACE)
                      .setExecution(execution(workflowId))
                      .build()),
          all);
    } catch (StatusRuntimeException e) {
      // not started yet
    }
    return all.toByteArray();
  }

  private static WorkflowExecution execution(String workflowId) {
    return WorkflowExecution.newBuilder().setWorkflowId(workflowId).build();
  }

  /** A message's bytes, and behind them those of each of its payloads as it was before. */
  private void add(Message message, ByteArrayOutputStream all) {
    all.writeBytes(message.toByteArray());
    addPayloads(message, all);
  }

  private void addPayloads(MessageOrBuilder message, ByteArrayOutputStream all) {
    if (message instanceof Payload payload) {
      encryption
          .decode(List.of(payload))
          .forEach(
              plain -> {
                all.writeBytes(plain.toByteArray());
                addInner(plain, all);
              });
      return;
    }
    for (var field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        Object value = field.getValue();
        for (Object inner : value instanceof List<?> many ? many : List.of(value)) {
          addPayloads((MessageOrBuilder) inner, all);
        }
      }
    }
  }

  /** What was encrypted as a whole has the attributes of a failure in it. */
  private static void addInner(Payload plain, ByteArrayOutputStream all) {
    all.writeBytes(plain.getData().toByteArray());
  }

  @Override
  public void close() {
    service.shutdownNow();
  }
}
