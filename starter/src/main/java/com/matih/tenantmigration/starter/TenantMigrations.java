package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.request.validation.RequestProblems;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations of tenants, for the services of the platform: begins them, looks at them and steers
 * them. Safe for use by several threads.
 *
 * <p>Every command throws {@link OperationRejectedException} where it is not valid now, and {@link
 * UnreachableException} where no worker answers within a minute. Then it is not asked for any
 * longer, but what Temporal has taken meanwhile cannot be taken back: a wish may still arrive when
 * a worker is there again. So look before you ask again.
 */
public final class TenantMigrations {

  private static final Logger log = LoggerFactory.getLogger(TenantMigrations.class);

  private final WorkflowClient client;
  private final ControlPlane controlPlane;
  private final Starter starter;
  private final MigrationControl steering;
  private final MigrationLook look;
  private final Repairs repairs;

  /** Works through a client and a control plane that stay the caller's to close. */
  public TenantMigrations(WorkflowClient client, ControlPlane controlPlane) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.starter = new Starter(client);
    OutsideEnds outsideEnds = new OutsideEnds(client, controlPlane);
    this.steering = new MigrationControl(client, controlPlane.migrations(), outsideEnds);
    this.look = new MigrationLook(client, controlPlane, steering, outsideEnds);
    this.repairs = new Repairs(client, controlPlane, outsideEnds);
  }

  /**
   * Starts a migration and returns once Temporal has accepted it. The same request for a tenant
   * whose migration runs already is answered with that run; begins anew where the last one ended.
   *
   * @throws InvalidRequestException where the request by itself is wrong
   * @throws OperationRejectedException where another request of the tenant is running, or the last
   *     one has not ended as it should and has to be repaired first
   */
  public StartedMigration start(MigrationRequest request) {
    requireValid(request);
    refuseBesideAnUnfinishedOne(request.tenant());
    return starter.start(request);
  }

  /** What it left in the stores is not to be taken for what stands in a new one's way. */
  private void refuseBesideAnUnfinishedOne(String tenant) {
    try {
      look.endedFromOutside(tenant)
          .filter(
              end ->
                  end.tenantReadOnly()
                      || (end.unknownTo() == null && end.phase() != Phase.PREFLIGHT))
          .ifPresent(
              end -> {
                throw new OperationRejectedException(end.message());
              });
      controlPlane
          .migrations()
          .latest(tenant)
          .filter(last -> last.outcome() == Outcome.ROLLBACK_INCOMPLETE)
          .ifPresent(
              last -> {
                throw new OperationRejectedException(
                    ("Tenant %s was not migrated: its last migration, %s. Finish that"
                            + " first: repair %s --yes. Without --yes it shows what it would do.")
                        .formatted(tenant, LastMigration.became(last), tenant));
              });
    } catch (UnreachableException | MigrationException e) {
      log.debug(
          "cannot read the state of tenant {} before its start; the preflight will check it",
          tenant,
          e);
    }
  }

  /**
   * Looks at every store as a migration's preflight does, changes nothing but a scratch database
   * that is dropped, and waits for the answer of the worker.
   *
   * @throws InvalidRequestException where the request by itself is wrong
   */
  public MigrationPlan plan(MigrationRequest request) {
    requireValid(request);
    return starter.plan(request, false);
  }

  /** {@link #plan} without the rehearsal: not even a scratch database is created. */
  public MigrationPlan planWithoutRehearsal(MigrationRequest request) {
    requireValid(request);
    return starter.plan(request, true);
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
      log.debug("Temporal did not return the state of the plan of tenant {}", tenant, e);
      return "Temporal does not return its state.";
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
   * @throws OperationRejectedException where one is there with another type
   * @throws UnreachableException where Temporal does not let us
   */
  public static NamespaceSetup setUpNamespace(WorkflowClient client) {
    return new SearchAttributeSupport(client).register();
  }

  /**
   * What the tenant's running migration says about itself, asked of the worker.
   *
   * @throws OperationRejectedException where none runs
   */
  public MigrationStatus status(String tenant) {
    return steering.status(tenant);
  }

  /**
   * Approves a migration that waits for it; accepted any time before the fence.
   *
   * @return what the migration noted; or that it has accepted and its record still has to be
   *     written, where the control plane does not take it for twenty seconds
   */
  public String approve(String tenant, String approver) {
    return steering.approve(tenant, approver);
  }

  /**
   * Stops the migration, whatever it is at before its final step, until {@link #resume}.
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
   * Asks for a rollback; refused from the cutover's final step on.
   *
   * @param by who asks, for the audit trail
   * @return what the migration noted; or that it has accepted and its record still has to be
   *     written, where the control plane does not take it for twenty seconds
   */
  public String cancel(String tenant, String reason, String by) {
    return steering.cancel(tenant, reason, by);
  }

  /**
   * Changes how gently the shared side is read; refused where nothing is throttled any more.
   *
   * @param bytesPerSecond such as {@code 50MB}; {@code off} for no bound; {@code null} to keep it
   * @param maxReplicaLag such as {@code 5s}, in the same way
   * @param by who asks, for the audit trail
   * @return the throttle from now on, as words
   */
  public String throttle(
      String tenant, @Nullable String bytesPerSecond, @Nullable String maxReplicaLag, String by) {
    return steering.throttle(tenant, bytesPerSecond, maxReplicaLag, by);
  }

  /**
   * What the newest of the tenant's migrations left that has not ended as it should; changes
   * nothing.
   *
   * @throws OperationRejectedException where the tenant is unknown, or its migration or a repair of
   *     it runs
   * @throws UnreachableException where no worker answers within a minute
   */
  public RepairReport whatIsLeft(String tenant) {
    return repairs.look(tenant);
  }

  /**
   * Finishes the tenant's migrations that have not ended as they should, the newest first: rolls
   * each back, or completes it where the tenant writes on the dedicated side already. Waits until
   * that has ended; a caller that waits no longer does not stop it. May be repeated.
   *
   * @param by who asks, for the audit trail
   * @param view is shown how it goes
   * @return what became of the last one that was repaired
   * @throws OperationRejectedException where the tenant is unknown, or its migration or a repair of
   *     it runs
   */
  public RepairReport repair(String tenant, String by, Consumer<LiveMigration> view)
      throws InterruptedException {
    Optional<Repairs.Begun> begun = repairs.begin(tenant, by);
    if (begun.isEmpty()) {
      return repairs.look(tenant);
    }
    var unused = new MigrationWatch(this, view).follow(begun.get().migration());
    RepairReport report = Repairs.result(begun.get());
    return !report.somethingLeft() && repairs.hasAnotherLeft(report)
        ? repair(tenant, by, view)
        : report;
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
    return look.at(tenant);
  }

  /**
   * How Temporal ended the tenant's last migration, where it did not end by itself and so nothing
   * was rolled back.
   */
  public Optional<EndedFromOutside> endedFromOutside(String tenant) {
    return look.endedFromOutside(tenant);
  }

  /**
   * How Temporal ended that migration, whatever else became of its tenant; empty for one that runs
   * or ended by itself.
   *
   * @throws UnreachableException where Temporal does not tell
   */
  public Optional<EndedFromOutside> endedFromOutside(MigrationRecord record) {
    return look.endedFromOutside(record);
  }

  /** Where that migration stands, whatever else became of its tenant. */
  public LiveMigration look(StartedMigration migration) {
    return look.of(migration);
  }

  /** The tenant's migration that runs, else its last one; empty for one never migrated. */
  Optional<StartedMigration> current(String tenant) {
    return look.current(tenant);
  }

  /**
   * Waits until the migration has ended, for as long as Temporal or the control plane does not
   * answer too.
   *
   * @return its report, whatever the outcome
   * @throws EndedFromOutsideException where it ended without a report, as a terminated one does
   * @throws UnreachableException where Temporal answers that it does not know the migration
   */
  public MigrationReport awaitOutcome(StartedMigration migration) throws InterruptedException {
    return MigrationWatch.withoutEnd(this).follow(migration);
  }

  /**
   * Waits until the migration has ended that is the tenant's running or last one at this moment, as
   * {@link #awaitOutcome(StartedMigration)} does.
   *
   * @throws OperationRejectedException where the tenant was never migrated
   */
  public MigrationReport awaitOutcome(String tenant) throws InterruptedException {
    return MigrationWatch.withoutEnd(this).follow(tenant);
  }

  /**
   * Follows a migration on a thread of its own, for a caller that wants to be called back: {@code
   * outcome(started).whenComplete(…)}. Waits without end where Temporal or the control plane does
   * not answer; a future that is cancelled, or has timed out, is followed no longer.
   *
   * @return its report, whatever the outcome; fails as {@link #awaitOutcome(StartedMigration)}
   *     does, so for a migration that was terminated
   */
  public CompletableFuture<MigrationReport> outcome(StartedMigration migration) {
    return called(migration.tenant(), () -> awaitOutcome(migration));
  }

  /**
   * The same for the tenant's running or last migration. A service that starts again asks so; the
   * answer for a migration that has ended meanwhile comes at once.
   */
  public CompletableFuture<MigrationReport> outcome(String tenant) {
    return called(tenant, () -> awaitOutcome(tenant));
  }

  private static CompletableFuture<MigrationReport> called(
      String tenant, Callable<MigrationReport> wait) {
    CompletableFuture<MigrationReport> outcome = new CompletableFuture<>();
    Thread follower =
        new Thread(
            () -> {
              try {
                outcome.complete(wait.call());
              } catch (Exception e) {
                outcome.completeExceptionally(e);
              }
            },
            "migration-of-" + tenant);
    follower.setDaemon(true);
    follower.start();
    var unused =
        outcome.whenComplete(
            (report, failure) -> {
              if (Thread.currentThread() != follower) {
                follower.interrupt();
              }
            });
    return outcome;
  }

  /**
   * The report of a migration that no longer runs.
   *
   * @throws EndedFromOutsideException where it ended without one, as a terminated migration does
   * @throws UnreachableException where the Temporal that was asked does not know the migration
   */
  public static MigrationReport outcome(LiveMigration ended) {
    EndedFromOutside end = ended.endedFromOutside();
    if (end != null && end.unknownTo() != null) {
      throw new UnreachableException(end.message(), null);
    }
    if (end != null) {
      throw new EndedFromOutsideException(end);
    }
    return Objects.requireNonNull(ended.report(), "an ended migration without a report");
  }

  /** The migration that a run belongs to. */
  static StartedMigration migration(String tenant, WorkflowExecutionDescription run) {
    return new StartedMigration(
        tenant,
        OutsideEnds.migrationId(run),
        run.getExecution().getWorkflowId(),
        run.getExecution().getRunId(),
        true);
  }

  /** The migration that is on record. */
  static StartedMigration migration(MigrationRecord record) {
    return new StartedMigration(
        record.tenantId(),
        record.migrationId(),
        record.report().workflowId(),
        record.report().runId(),
        true);
  }
}
