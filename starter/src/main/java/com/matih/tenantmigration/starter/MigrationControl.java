package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operator's wishes, carried to a running migration, and its answers. */
final class MigrationControl {

  private static final Logger log = LoggerFactory.getLogger(MigrationControl.class);

  /** An update waits in Temporal until a worker answers; an operator does not wait for ever. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a migration has accepted it has on record in moments, unless nothing can be recorded. */
  private static final Duration RECORD = Duration.ofSeconds(20);

  private static final Duration GLANCE = Duration.ofSeconds(3);

  private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(500);

  private static final ExecutorService WAITERS =
      Executors.newCachedThreadPool(
          runnable -> {
            Thread thread = new Thread(runnable, "control");
            thread.setDaemon(true);
            return thread;
          });

  private final WorkflowClient client;
  private final Migrations kept;
  private final OutsideEnds outsideEnds;
  private final Duration patience;
  private final Duration record;

  MigrationControl(WorkflowClient client, Migrations kept, OutsideEnds outsideEnds) {
    this(client, kept, outsideEnds, PATIENCE, RECORD);
  }

  MigrationControl(
      WorkflowClient client,
      Migrations kept,
      OutsideEnds outsideEnds,
      Duration patience,
      Duration record) {
    this.client = client;
    this.kept = kept;
    this.outsideEnds = outsideEnds;
    this.patience = patience;
    this.record = record;
  }

  MigrationStatus status(String tenant) {
    return answered(tenant, patience, () -> stub(tenant).query("status", MigrationStatus.class));
  }

  /** The status, where the migration runs and a worker answers at once. */
  Optional<MigrationStatus> tryStatus(String tenant) {
    return tryStatus(tenant, GLANCE);
  }

  /** The status, where the migration runs and a worker answers in that time. */
  Optional<MigrationStatus> tryStatus(String tenant, Duration glance) {
    try {
      return Optional.of(
          answered(tenant, glance, () -> stub(tenant).query("status", MigrationStatus.class)));
    } catch (OperationRejectedException | UnreachableException e) {
      log.debug("no worker returned the state of tenant {}", tenant, e);
      return Optional.empty();
    }
  }

  String approve(String tenant, String approver) {
    return update(tenant, "approveCutover", approver);
  }

  String cancel(String tenant, String reason, String by) {
    return update(tenant, "requestCancel", reason, by);
  }

  String throttle(
      String tenant, @Nullable String bytesPerSecond, @Nullable String maxReplicaLag, String by) {
    return update(tenant, "changeThrottle", bytesPerSecond, maxReplicaLag, by);
  }

  private String update(String tenant, String name, @Nullable Object... arguments) {
    WorkflowUpdateHandle<String> accepted;
    try {
      accepted =
          answered(
              tenant,
              patience,
              () ->
                  stub(tenant)
                      .startUpdate(name, WorkflowUpdateStage.ACCEPTED, String.class, arguments));
    } catch (UnreachableException e) {
      throw new UnreachableException(
          e.getMessage()
              + " The command may still arrive; see status %s before you repeat it."
                  .formatted(tenant),
          e);
    }
    try {
      return answered(tenant, record, accepted::getResult);
    } catch (PayloadEncryptionException e) {
      throw new PayloadEncryptionException(
          "The migration of tenant %s has accepted the command, but its answer cannot be read. %s"
              .formatted(tenant, e.getMessage()));
    } catch (UnreachableException e) {
      log.debug("accepted without a result for tenant {}", tenant, e);
      return ("The migration of tenant %s has accepted the command and carries it out; it is"
              + " not recorded yet. See: status %s")
          .formatted(tenant, tenant);
    }
  }

  void pause(String tenant, String reason, String by) {
    MigrationStatus status = running(tenant);
    if (status.paused()) {
      throw new OperationRejectedException(
          "The migration of tenant %s is already paused.".formatted(tenant));
    }
    if (status.pointOfNoReturn() || status.phase().compareTo(Phase.COMPLETED) >= 0) {
      throw new OperationRejectedException(
          "The migration of tenant %s can no longer be paused: it is in phase %s."
              .formatted(tenant, status.phase()));
    }
    signal(tenant, "pause", reason, by);
  }

  void resume(String tenant, String by) {
    if (!running(tenant).paused()) {
      throw new OperationRejectedException(
          "The migration of tenant %s is not paused.".formatted(tenant));
    }
    signal(tenant, "resume", by);
  }

  /** Its status; a migration that has ended answers as well, so the answer is looked at. */
  private MigrationStatus running(String tenant) {
    MigrationStatus status = status(tenant);
    if (status.report().outcome() != Outcome.RUNNING) {
      throw notRunning(tenant);
    }
    return status;
  }

  /** Says besides what became of the last one, where that can be told. */
  private OperationRejectedException notRunning(String tenant) {
    String last = "";
    try {
      Optional<MigrationRecord> record = kept.latest(tenant);
      if (record.filter(known -> known.outcome() == Outcome.RUNNING).isPresent()) {
        EndedFromOutside end = outsideEnds.of(record.get());
        if (end.unknownTo() != null) {
          return new OperationRejectedException(end.message());
        }
        last = LastMigration.told(end);
      } else {
        last = record.map(LastMigration::told).orElse("The tenant has never been migrated.");
      }
    } catch (MigrationException | UnreachableException e) {
      log.debug("cannot read the last migration of tenant {}", tenant, e);
    }
    return new OperationRejectedException(
        "No migration of tenant %s is running. %s".formatted(tenant, last).strip());
  }

  private void signal(String tenant, String name, Object... arguments) {
    var unused =
        answered(
            tenant,
            patience,
            () -> {
              stub(tenant).signal(name, arguments);
              return true;
            });
  }

  /** The answer, or no longer a question: its thread and its call do not outlive our patience. */
  private <T> T answered(String tenant, Duration patience, Callable<T> question) {
    Future<T> answer = WAITERS.submit(() -> answeredByAWorker(tenant, question));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnreachableException(
          ("No worker answered for tenant %s within %d seconds. Check that a worker"
                  + " polls task queue %s.")
              .formatted(tenant, patience.toSeconds(), TemporalNames.TASK_QUEUE),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("The question was interrupted.", e);
    } catch (ExecutionException e) {
      throw translate(tenant, e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * Asks until a worker has the migration in hand. While one hangs with it, Temporal rejects
   * updates and queries at once and takes nothing; another worker may continue the migration any
   * moment.
   */
  private <T> T answeredByAWorker(String tenant, Callable<T> question) throws Exception {
    while (true) {
      try {
        return question.call();
      } catch (WorkflowException e) {
        if (!(e.getCause() instanceof StatusRuntimeException status)
            || status.getStatus().getCode() != Status.Code.FAILED_PRECONDITION
            || hasEnded(tenant)) {
          throw e;
        }
        log.debug("no worker has the migration of tenant {} in hand; asking again", tenant, e);
        TimeUnit.MILLISECONDS.sleep(BEFORE_ASKING_AGAIN.toMillis());
      }
    }
  }

  private RuntimeException translate(String tenant, Throwable failure) {
    Optional<PayloadEncryptionException> unreadable = PayloadEncryptionException.causing(failure);
    if (unreadable.isPresent()) {
      return unreadable.get();
    }
    if (failure instanceof WorkflowNotFoundException) {
      return notRunning(tenant);
    }
    if (failure instanceof WorkflowUpdateException refused) {
      return new OperationRejectedException(
          refused.getCause() instanceof ApplicationFailure why
              ? why.getOriginalMessage()
              : "The migration of tenant %s rejected the command.".formatted(tenant));
    }
    if (failure instanceof WorkflowException && hasEnded(tenant)) {
      // one that was terminated answers no question
      return notRunning(tenant);
    }
    if (failure instanceof WorkflowServiceException || failure instanceof WorkflowException) {
      return new UnreachableException(
          "Temporal or its worker did not answer for tenant %s (%s)."
              .formatted(tenant, reason(failure)),
          failure);
    }
    return failure instanceof RuntimeException unexpected
        ? unexpected
        : new IllegalStateException(failure);
  }

  /** What Temporal answered, where it answered at all. */
  private static String reason(Throwable failure) {
    return failure.getCause() instanceof StatusRuntimeException status
        ? status.getMessage()
        : failure.getClass().getSimpleName();
  }

  private boolean hasEnded(String tenant) {
    try {
      return stub(tenant).describe().getStatus()
          != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (WorkflowException e) {
      log.debug("Temporal did not return whether the migration of tenant {} is running", tenant, e);
      return false;
    }
  }

  private WorkflowStub stub(String tenant) {
    return client.newUntypedWorkflowStub(TemporalNames.workflowId(tenant));
  }
}
