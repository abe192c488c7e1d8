package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.RequestProblem;
import com.matih.tenantmigration.workflow.request.RequestProblems;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations of tenants, for the services of the platform: begins them, looks at them and steers
 * them. Safe for use by several threads.
 *
 * <p>Everything that steers throws {@link WishRefusedException} where it makes no sense, and {@link
 * UnreachableException} where no worker answers.
 */
public final class TenantMigrations {

  private static final Logger log = LoggerFactory.getLogger(TenantMigrations.class);

  /** With nothing under way for so long, a migration waits for somebody. */
  private static final Duration STANDSTILL = Duration.ofSeconds(3);

  /** A record of the control plane is written within moments where a worker is at work. */
  private static final Duration FIRST_RECORD = Duration.ofSeconds(5);

  private final WorkflowClient client;
  private final ControlPlane controlPlane;
  private final Starter starter;
  private final Steering steering;

  /** Works through a client and a control plane that stay the caller's to close. */
  public TenantMigrations(WorkflowClient client, ControlPlane controlPlane) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.starter = new Starter(client);
    this.steering = new Steering(client, controlPlane.migrations());
  }

  /**
   * Starts a migration and returns once Temporal has accepted it. The same request for a tenant
   * whose migration runs already is answered with that run; begins anew where the last one ended.
   *
   * @throws InvalidRequestException where the request by itself is wrong
   * @throws WishRefusedException where another request of the tenant is running
   */
  public StartedMigration start(MigrationRequest request) {
    requireValid(request);
    return starter.start(request);
  }

  /**
   * Looks at every store as a migration's preflight does, changes nothing, and waits for the answer
   * of the worker.
   *
   * @throws InvalidRequestException where the request by itself is wrong
   */
  public MigrationPlan plan(MigrationRequest request) {
    requireValid(request);
    return starter.plan(request);
  }

  /** What a plan that is being made waits for, in a sentence. */
  public String planWaitsFor(String tenant) {
    try {
      WorkflowExecutionDescription description =
          client.newUntypedWorkflowStub(TemporalNames.planWorkflowId(tenant)).describe();
      return new RunningWork(
              description.getRawDescription(), client.getOptions().getDataConverter())
          .waitsFor(Instant.now());
    } catch (WorkflowNotFoundException | WorkflowServiceException e) {
      log.debug("Temporal did not say how the plan of tenant {} is doing", tenant, e);
      return "Temporal does not say how it is doing.";
    }
  }

  private static void requireValid(MigrationRequest request) {
    List<RequestProblem> problems = RequestProblems.of(request);
    if (!problems.isEmpty()) {
      throw new InvalidRequestException(problems);
    }
  }

  /**
   * Registers the search attributes that Temporal's UI can list migrations by, those that the
   * namespace lacks. Migrations that start later carry them.
   *
   * @throws WishRefusedException where one is there with another type
   * @throws UnreachableException where Temporal does not let us
   */
  public static NamespaceSetup setUpNamespace(WorkflowClient client) {
    return new SearchAttributeSupport(client).register();
  }

  /**
   * What the tenant's running migration says about itself, asked of the worker.
   *
   * @throws WishRefusedException where none runs
   */
  public MigrationStatus status(String tenant) {
    return steering.status(tenant);
  }

  /**
   * Approves a migration that waits for it; accepted any time before the fence.
   *
   * @return what the migration noted
   */
  public String approve(String tenant, String approver) {
    return steering.approve(tenant, approver);
  }

  /**
   * Stops the migration before its next step, and stops a running copy, until {@link #resume}.
   *
   * @param reason why, for the audit trail; may be empty
   * @param by who asks, for the audit trail
   */
  public void pause(String tenant, String reason, String by) {
    steering.pause(tenant, reason, by);
  }

  /**
   * Goes on after {@link #pause}.
   *
   * @param by who asks, for the audit trail
   */
  public void resume(String tenant, String by) {
    steering.resume(tenant, by);
  }

  /**
   * Asks for a rollback; refused from the cutover's last act on.
   *
   * @param by who asks, for the audit trail
   * @return what the migration noted
   */
  public String cancel(String tenant, String reason, String by) {
    return steering.cancel(tenant, reason, by);
  }

  /** The report of the tenant's last migration, running or ended, from the control plane. */
  public Optional<MigrationReport> report(String tenant) {
    return controlPlane.migrations().latest(tenant).map(MigrationRecord::report);
  }

  /**
   * Where the tenant's last migration stands, from Temporal and the control plane; asks no worker
   * unless nothing seems to happen. Empty for a tenant that was never migrated.
   */
  public Optional<LiveMigration> look(String tenant) {
    // in this order: a migration that has ended has its last word in the control plane by then
    Optional<WorkflowExecutionDescription> description = describe(tenant);
    Optional<MigrationRecord> record = controlPlane.migrations().latest(tenant);
    boolean running =
        description.isPresent()
            && description.get().getStatus()
                == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    if (!running) {
      return record.map(TenantMigrations::ended);
    }
    WorkflowExecutionDescription run = description.get();
    Optional<MigrationRecord> ofThisRun =
        record.filter(kept -> kept.report().runId().equals(run.getExecution().getRunId()));
    return Optional.of(live(tenant, run, ofThisRun));
  }

  private LiveMigration live(
      String tenant, WorkflowExecutionDescription run, Optional<MigrationRecord> record) {
    RunningWork work =
        new RunningWork(run.getRawDescription(), client.getOptions().getDataConverter());
    Instant now = Instant.now();
    boolean silent =
        work.looksAbandoned(now)
            || (record.isEmpty() && run.getStartTime().plus(FIRST_RECORD).isBefore(now));
    List<ActivityProgress> activities = work.activities();
    Phase phase = record.map(MigrationRecord::phase).orElse(Phase.PREFLIGHT);
    // with nothing to be seen from outside for a while, only the migration knows why; to ask it
    // costs the in-memory server three events of the history
    boolean standsStill =
        activities.isEmpty()
            && record.isPresent()
            && record.get().updatedAt().plus(STANDSTILL).isBefore(now);
    Optional<MigrationStatus> status =
        standsStill && !silent ? steering.tryStatus(tenant) : Optional.empty();
    return new LiveMigration(
        tenant,
        true,
        status.map(MigrationStatus::phase).orElse(phase),
        status
            .map(MigrationStatus::paused)
            .orElseGet(() -> record.flatMap(kept -> kept.report().pause()).isPresent()),
        status.map(MigrationStatus::awaitingApproval).orElse(phase == Phase.AWAITING_APPROVAL),
        status.map(MigrationStatus::pointOfNoReturn).orElse(false),
        silent,
        activities,
        record.map(MigrationRecord::report).orElse(null));
  }

  private static LiveMigration ended(MigrationRecord record) {
    return new LiveMigration(
        record.tenantId(),
        false,
        record.phase(),
        false,
        false,
        record.outcome() == Outcome.COMPLETED,
        false,
        List.of(),
        record.report());
  }

  private Optional<WorkflowExecutionDescription> describe(String tenant) {
    try {
      return Optional.of(stub(tenant).describe());
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    } catch (WorkflowServiceException e) {
      throw new UnreachableException(
          "Temporal did not say how the migration of tenant %s is doing.".formatted(tenant), e);
    }
  }

  /**
   * Waits until the tenant's running migration has ended.
   *
   * @return its report, whatever the outcome
   * @throws WishRefusedException where the tenant was never migrated
   * @throws UnreachableException where it ended without a report, as a terminated one does
   */
  public MigrationReport awaitOutcome(String tenant) throws InterruptedException {
    return new MigrationWatch(
            this, live -> log.debug("tenant {} is in phase {}", tenant, live.phase()))
        .follow(tenant);
  }

  /**
   * Follows the tenant's running migration on a thread of its own, for a caller that wants to be
   * called back: {@code outcome(tenant).thenAccept(…)}. A service that starts again asks anew; the
   * answer for a migration that has ended meanwhile comes at once.
   *
   * @return its report, whatever the outcome; fails as {@link #awaitOutcome} does
   */
  public CompletableFuture<MigrationReport> outcome(String tenant) {
    CompletableFuture<MigrationReport> outcome = new CompletableFuture<>();
    Thread follower =
        new Thread(
            () -> {
              try {
                outcome.complete(awaitOutcome(tenant));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                outcome.completeExceptionally(e);
              } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
              }
            },
            "migration-of-" + tenant);
    follower.setDaemon(true);
    follower.start();
    return outcome;
  }

  /**
   * The report of a migration that no longer runs.
   *
   * @throws UnreachableException where it ended without one, as a terminated migration does
   */
  public static MigrationReport outcome(LiveMigration ended) {
    MigrationReport report = ended.report();
    if (report == null || report.outcome() == Outcome.RUNNING) {
      throw new UnreachableException(
          "The migration of tenant %s was ended from outside in phase %s, without a rollback: a"
                  .formatted(ended.tenant(), ended.phase())
              + " person has to look at it.",
          null);
    }
    return report;
  }

  private WorkflowStub stub(String tenant) {
    return client.newUntypedWorkflowStub(TemporalNames.workflowId(tenant));
  }
}
