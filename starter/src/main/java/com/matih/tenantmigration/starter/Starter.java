package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.starter.text.WorkflowStory;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Begins workflows: one migration a tenant, and looks beside it. */
final class Starter {

  /** Past this a plan is of no use to anybody who waits for it. */
  private static final Duration PLAN_TIMEOUT = Duration.ofMinutes(30);

  /** A plan whose next task nobody took for so long has no worker: one would take it at once. */
  private static final Duration UNTAKEN = Duration.ofSeconds(40);

  private static final Duration LOOK_FOR_WORKER = Duration.ofSeconds(5);

  private final WorkflowClient client;

  Starter(WorkflowClient client) {
    this.client = client;
  }

  StartedMigration start(MigrationRequest request) {
    String workflowId = TemporalNames.workflowId(request.tenant());
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            TemporalNames.WORKFLOW_TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(workflowId)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setTaskQueue(TemporalNames.TASK_QUEUE)
                .setTypedSearchAttributes(
                    new SearchAttributeSupport(client).forTenant(request.tenant()))
                .setMemo(WorkflowStory.memo(request))
                .setStaticSummary(WorkflowStory.summary(request))
                .setStaticDetails(WorkflowStory.details(request))
                .build());
    try {
      WorkflowExecution execution = stub.start(request);
      return new StartedMigration(
          request.tenant(),
          MigrationContext.migrationId(execution.getRunId()),
          workflowId,
          execution.getRunId(),
          false);
    } catch (WorkflowExecutionAlreadyStarted e) {
      return alreadyRunning(request, e.getExecution());
    } catch (WorkflowServiceException e) {
      throw notTaken(request, e);
    }
  }

  private StartedMigration alreadyRunning(MigrationRequest request, WorkflowExecution running) {
    if (isRepair(request, running)) {
      throw new OperationRejectedException(
          ("Tenant %s is being repaired (run %s), because its last migration did not"
                  + " end cleanly. Wait for the repair to end; see: status %s")
              .formatted(request.tenant(), running.getRunId(), request.tenant()));
    }
    boolean same = isOf(running, request);
    if (!same) {
      throw new OperationRejectedException(
          ("Tenant %s is being migrated by another request (run %s). Wait for it to"
                  + " end, or cancel it.")
              .formatted(request.tenant(), running.getRunId()));
    }
    try {
      return TenantMigrations.migration(request.tenant(), describe(running));
    } catch (WorkflowServiceException e) {
      throw notTaken(request, e);
    }
  }

  private boolean isRepair(MigrationRequest request, WorkflowExecution running) {
    try {
      return OutsideEnds.isRepair(describe(running));
    } catch (WorkflowServiceException e) {
      throw notTaken(request, e);
    }
  }

  private WorkflowExecutionDescription describe(WorkflowExecution running) {
    return client
        .newUntypedWorkflowStub(
            WorkflowTargetOptions.newBuilder().setWorkflowExecution(running).build())
        .describe();
  }

  private boolean isOf(WorkflowExecution run, MigrationRequest request) {
    try {
      return requestOf(run).map(request::equals).orElse(false);
    } catch (DataConverterException e) {
      // it was started past us, with what is no request
      return false;
    }
  }

  /** The request that a run was started with stands in its first event. */
  private Optional<MigrationRequest> requestOf(WorkflowExecution run) {
    HistoryEvent first =
        client.fetchHistory(run.getWorkflowId(), run.getRunId()).getEvents().get(0);
    var input = first.getWorkflowExecutionStartedEventAttributes().getInput();
    return Optional.ofNullable(
        client
            .getOptions()
            .getDataConverter()
            .fromPayloads(0, Optional.of(input), MigrationRequest.class, MigrationRequest.class));
  }

  MigrationPlan plan(MigrationRequest request, boolean noRehearsal) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            TemporalNames.PLAN_WORKFLOW_TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(TemporalNames.planWorkflowId(request.tenant()))
                .setTaskQueue(TemporalNames.TASK_QUEUE)
                .setWorkflowExecutionTimeout(PLAN_TIMEOUT)
                .setStaticSummary("Plan only: " + WorkflowStory.summary(request))
                .setStaticDetails(WorkflowStory.details(request))
                .build());
    try {
      // a worker of an earlier version knows the request alone
      if (noRehearsal) {
        stub.start(request, true);
      } else {
        stub.start(request);
      }
    } catch (WorkflowExecutionAlreadyStarted e) {
      throw new OperationRejectedException(
          "A plan for tenant %s is already being made. Try again when it is done."
              .formatted(request.tenant()));
    } catch (WorkflowServiceException e) {
      throw notTaken(request, e);
    }
    try {
      return patiently(stub, request);
    } catch (WorkflowFailedException e) {
      throw withoutResult(request, e);
    }
  }

  private static UnreachableException withoutResult(
      MigrationRequest request, WorkflowFailedException e) {
    if (e.getCause() instanceof ApplicationFailure failure
        && failure.getType().equals(PayloadEncryptionException.class.getName())) {
      return new UnreachableException(
          "The worker cannot plan for tenant %s. %s"
              .formatted(request.tenant(), failure.getOriginalMessage()),
          e);
    }
    return new UnreachableException(
        "The plan for tenant %s ended without a result. Check that a worker is running."
            .formatted(request.tenant()),
        e);
  }

  /** Waits for the plan, as long as a worker is at it. */
  private MigrationPlan patiently(WorkflowStub stub, MigrationRequest request) {
    CompletableFuture<MigrationPlan> plan = stub.getResultAsync(MigrationPlan.class);
    while (true) {
      try {
        return plan.get(LOOK_FOR_WORKER.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (isLeftAlone(stub)) {
          plan.cancel(true);
          stub.terminate("no worker took it");
          throw new UnreachableException(
              ("No worker started the plan for tenant %s within %d s. Check that a"
                      + " worker polls task queue %s of namespace %s at %s, and repeat the plan.")
                  .formatted(
                      request.tenant(),
                      UNTAKEN.toSeconds(),
                      TemporalNames.TASK_QUEUE,
                      client.getOptions().getNamespace(),
                      client.getWorkflowServiceStubs().getOptions().getTarget()),
              null);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException("a plan that ended in no known way", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UnreachableException("The wait for the plan was interrupted.", e);
      }
    }
  }

  private boolean isLeftAlone(WorkflowStub stub) {
    try {
      return new RunningWork(
              stub.describe().getRawDescription(), client.getOptions().getDataConverter())
          .waitsForAWorker(Instant.now(), UNTAKEN);
    } catch (WorkflowServiceException | WorkflowNotFoundException e) {
      return false;
    }
  }

  private UnreachableException notTaken(MigrationRequest request, WorkflowServiceException e) {
    String code =
        e.getCause() instanceof StatusRuntimeException status
            ? status.getStatus().getCode().name()
            : "no answer";
    return new UnreachableException(
        ("Temporal at %s, namespace %s, did not accept the request of tenant %s (%s)."
                + " Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.")
            .formatted(
                client.getWorkflowServiceStubs().getOptions().getTarget(),
                client.getOptions().getNamespace(),
                request.tenant(),
                code),
        e);
  }
}
