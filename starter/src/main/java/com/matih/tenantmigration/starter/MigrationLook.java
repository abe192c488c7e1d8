package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sees where a tenant's last migration stands, from Temporal and the control plane together. */
final class MigrationLook {

  /** With nothing under way for so long, a migration waits for somebody. */
  private static final Duration STANDSTILL = Duration.ofSeconds(3);

  /** A record of the control plane is written within moments where a worker is at work. */
  private static final Duration FIRST_RECORD = Duration.ofSeconds(5);

  /** A migration that tries to put something on record answers when that try is over. */
  private static final Duration WHILE_IT_WRITES = Duration.ofSeconds(10);

  private final WorkflowClient client;
  private final ControlPlane controlPlane;
  private final MigrationControl steering;
  private final OutsideEnds outsideEnds;

  MigrationLook(
      WorkflowClient client,
      ControlPlane controlPlane,
      MigrationControl steering,
      OutsideEnds outsideEnds) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.steering = steering;
    this.outsideEnds = outsideEnds;
  }

  /** Empty for a tenant that was never migrated. */
  Optional<LiveMigration> at(String tenant) {
    // in this order: a migration that has ended has its last word in the control plane by then
    Optional<WorkflowExecutionDescription> newest = outsideEnds.newest(tenant);
    if (newest.filter(OutsideEnds::runs).isEmpty()) {
      Optional<MigrationRecord> last = controlPlane.migrations().latest(tenant);
      if (last.filter(MigrationLook::isUnfinished).isEmpty()) {
        return last.map(record -> ended(record, null));
      }
      // it may have begun just now
      newest = outsideEnds.newest(tenant);
      if (newest.filter(OutsideEnds::runs).isEmpty()) {
        return Optional.of(ended(last.get(), outsideEnds.of(last.get())));
      }
    }
    WorkflowExecutionDescription run = newest.get();
    return Optional.of(live(tenant, run));
  }

  /** What the migration itself tells where the control plane does not answer. */
  private LiveMigration live(String tenant, WorkflowExecutionDescription run) {
    try {
      // by its migration: one that was reset is on record under its earlier run
      return live(tenant, run, controlPlane.migrations().find(OutsideEnds.migrationId(run)));
    } catch (MigrationException e) {
      return withoutRecord(
          tenant, run, steering.tryStatus(tenant, WHILE_IT_WRITES).orElseThrow(() -> e));
    }
  }

  private LiveMigration withoutRecord(
      String tenant, WorkflowExecutionDescription run, MigrationStatus status) {
    return new LiveMigration(
        tenant,
        true,
        status.phase(),
        status.paused(),
        status.awaitingApproval(),
        status.pointOfNoReturn(),
        false,
        work(run).activities(),
        status.report(),
        null);
  }

  private RunningWork work(WorkflowExecutionDescription run) {
    return new RunningWork(run.getRawDescription(), client.getOptions().getDataConverter());
  }

  /** The tenant's migration that runs, else its last one; empty for one never migrated. */
  Optional<StartedMigration> current(String tenant) {
    Optional<WorkflowExecutionDescription> running =
        outsideEnds.newest(tenant).filter(OutsideEnds::runs);
    return running.isPresent()
        ? running.map(run -> TenantMigrations.migration(tenant, run))
        : controlPlane.migrations().latest(tenant).map(TenantMigrations::migration);
  }

  /** That migration, whatever else became of its tenant. */
  LiveMigration of(StartedMigration migration) {
    // in this order, as above
    Optional<WorkflowExecutionDescription> run = outsideEnds.lastRun(migration);
    if (run.filter(OutsideEnds::runs).isPresent()) {
      return live(migration.tenant(), run.get());
    }
    Optional<MigrationRecord> record = controlPlane.migrations().find(migration.migrationId());
    if (record.filter(known -> !isUnfinished(known)).isPresent()) {
      return ended(record.get(), null);
    }
    Phase phase = record.map(MigrationRecord::phase).orElse(Phase.PREFLIGHT);
    EndedFromOutside end = outsideEnds.of(migration, phase, run);
    return record.isPresent()
        ? ended(record.get(), end)
        : new LiveMigration(
            migration.tenant(), false, phase, false, false, false, false, List.of(), null, end);
  }

  /** How Temporal ended the tenant's last migration, where it did not end by itself. */
  Optional<EndedFromOutside> endedFromOutside(String tenant) {
    return controlPlane
        .migrations()
        .latest(tenant)
        .filter(MigrationLook::isUnfinished)
        // what seems to run needs a second look, for it may have ended meanwhile
        .filter(unfinished -> outsideEnds.newest(tenant).filter(OutsideEnds::runs).isEmpty())
        .flatMap(unfinished -> at(tenant))
        .map(LiveMigration::endedFromOutside);
  }

  /** How Temporal ended that migration, where it is on record as running and does not run. */
  Optional<EndedFromOutside> endedFromOutside(MigrationRecord record) {
    if (!isUnfinished(record)) {
      return Optional.empty();
    }
    StartedMigration migration = TenantMigrations.migration(record);
    Optional<WorkflowExecutionDescription> run = outsideEnds.lastRun(migration);
    if (run.filter(OutsideEnds::runs).isPresent()) {
      return Optional.empty();
    }
    // it may have ended by itself meanwhile
    return controlPlane
        .migrations()
        .find(record.migrationId())
        .filter(MigrationLook::isUnfinished)
        .map(unfinished -> outsideEnds.of(migration, unfinished.phase(), run));
  }

  private LiveMigration live(
      String tenant, WorkflowExecutionDescription run, Optional<MigrationRecord> record) {
    RunningWork work = work(run);
    Instant now = Instant.now();
    boolean silent =
        work.looksAbandoned(now)
            || (record.isEmpty() && run.getStartTime().plus(FIRST_RECORD).isBefore(now));
    List<ActivityProgress> activities =
        new RollbackSteps(controlPlane.auditTrail())
            .dated(work.activities(), tenant, OutsideEnds.migrationId(run));
    Phase phase =
        record
            .map(MigrationRecord::phase)
            // the record of one whose repair has just begun
            .map(
                last ->
                    OutsideEnds.isRepair(run) && last != Phase.COMPLETED
                        ? Phase.ROLLING_BACK
                        : last)
            .orElse(Phase.PREFLIGHT);
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
        status
            .map(MigrationStatus::awaitingApproval)
            .orElseGet(() -> phase == Phase.AWAITING_APPROVAL && needsApproval(record)),
        status.map(MigrationStatus::pointOfNoReturn).orElse(false),
        silent,
        activities,
        record.map(MigrationRecord::report).orElse(null),
        null);
  }

  private static boolean needsApproval(Optional<MigrationRecord> record) {
    return record.map(kept -> kept.report().needsApproval()).orElse(true);
  }

  private static LiveMigration ended(MigrationRecord record, @Nullable EndedFromOutside outside) {
    return new LiveMigration(
        record.tenantId(),
        false,
        record.phase(),
        false,
        false,
        record.outcome() == Outcome.COMPLETED,
        false,
        List.of(),
        record.report(),
        outside);
  }

  private static boolean isUnfinished(MigrationRecord record) {
    return record.outcome() == Outcome.RUNNING;
  }
}
