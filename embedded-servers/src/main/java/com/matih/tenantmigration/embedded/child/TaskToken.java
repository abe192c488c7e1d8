package com.matih.tenantmigration.embedded.child;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.WorkflowExecution;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The workflow that a task of the in-memory server belongs to, read from the task's token.
 *
 * @param namespace the workflow's namespace
 * @param execution its id and run
 */
record TaskToken(String namespace, WorkflowExecution execution) {

  String runId() {
    return execution.getRunId();
  }

  /** Reads the part that the tokens of all kinds of tasks begin with. */
  static TaskToken of(ByteString token) {
    try (DataInputStream in = new DataInputStream(token.newInput())) {
      String namespace = in.readUTF();
      WorkflowExecution.Builder execution = WorkflowExecution.newBuilder();
      execution.setWorkflowId(in.readUTF());
      execution.setRunId(in.readUTF());
      return new TaskToken(namespace, execution.build());
    } catch (IOException e) {
      throw new UncheckedIOException("this is no task token of the in-memory server", e);
    }
  }
}
