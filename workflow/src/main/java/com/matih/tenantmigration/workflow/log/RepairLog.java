package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairReport.Way;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.Unfinished;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The report of a migration that is repaired, and its way into the control plane: what was on
 * record, with what the repair adds to it.
 *
 * <p>The outcome on record stays until the repair has ended: one that is stopped leaves a migration
 * that can be repaired again.
 */
public final class RepairLog extends ReportLog {

  private static final String EVENT = "REPAIR";

  private final RepairRequest request;

  /** Tells the repair's lines in the audit trail from those of other repairs. */
  private final String repair;

  private final List<AcceptedCommand> wishes = new ArrayList<>();
  private final List<RollbackStep> run = new ArrayList<>();
  private MigrationReport before;
  private boolean begun;

  public RepairLog(RepairRequest request, MigrationContext context) {
    super(context, Phase.ROLLING_BACK);
    this.request = request;
    this.repair = MigrationContext.migrationId(context.runId());
    this.before = nothingKnown(context);
  }

  /** The steps of the way back as this repair ran them. */
  public List<RollbackStep> run() {
    return List.copyOf(run);
  }

  /** Takes up what is on record. */
  public void found(RepairFindings findings, MigrationReport onRecord) {
    before = onRecord;
    outcome = onRecord.outcome();
    cancelled = onRecord.cancelled();
    failure = onRecord.failure();
    fencedAt = onRecord.fencedAt() == null ? findings.readOnlySince() : onRecord.fencedAt();
    writableAt = onRecord.writableAt();
    phases.addAll(onRecord.phases());
    rollback.addAll(onRecord.rollback());
    warnings.addAll(onRecord.warnings());
    wishes.addAll(onRecord.wishes());
  }

  /** Begins to act, on record. */
  public void begin(Way way) {
    Phase reached = phases.isEmpty() ? Phase.PREFLIGHT : phases.get(phases.size() - 1).phase();
    if (way == Way.BACK && failure == null) {
      String how = request.endedFromOutside();
      failure =
          new Failure(
              reached,
              FailureType.CANCELLED,
              how == null ? "It did not end by itself and was repaired." : how);
      cancelled = true;
    }
    if (!begun) {
      wishes.add(
          new AcceptedCommand(now(), reached, AcceptedCommand.Kind.REPAIR, request.by(), null));
      begun = true;
    }
    enter(way == Way.BACK ? Phase.ROLLING_BACK : Phase.COMPLETED);
    note(
        EVENT,
        "STARTED",
        "STARTED",
        Map.of("by", CommandDetails.orUnnamed(request.by()), "way", way.name()));
    write();
  }

  private void enter(Phase next) {
    endPhase();
    phases.removeIf(timing -> timing.phase() == Phase.ROLLBACK_INCOMPLETE);
    phase = next;
    if (phases.isEmpty() || phases.get(phases.size() - 1).phase() != next) {
      phases.add(new PhaseTiming(next, now(), null));
    }
  }

  /** Notes what a step of the way back did; one that had nothing left to do keeps what it did. */
  @Override
  public void compensated(RollbackStep step) {
    Optional<RollbackStep> earlier =
        rollback.stream().filter(known -> known.step().equals(step.step())).findFirst();
    boolean wasDone =
        step.status() == RollbackStep.Status.NOT_NEEDED
            && earlier.filter(known -> known.status() == RollbackStep.Status.DONE).isPresent();
    if (earlier.isEmpty()) {
      rollback.add(step);
    } else if (!wasDone) {
      rollback.set(rollback.indexOf(earlier.get()), step);
    }
    run.add(step);
    super.compensated(step);
  }

  @Override
  public void tenantIsBack() {
    if (fencedAt != null && writableAt == null) {
      writableAt = now();
    }
  }

  @Override
  public void warn(Warning warning) {
    warnings.removeIf(earlier -> earlier.object().equals(warning.object()));
    super.warn(warning);
  }

  /** Notes what could not be removed after the cutover; what an earlier try left is over. */
  public void cleanedUp(List<Warning> left) {
    warnings.removeIf(earlier -> Unfinished.isCleanup(earlier.object()));
    left.forEach(this::warn);
  }

  /** Ends the repair, on record. */
  public void end(Outcome how) {
    outcome = how;
    if (how == Outcome.COMPLETED) {
      rollback.removeIf(step -> step.status() == RollbackStep.Status.FAILED);
    }
    switch (how) {
      case ROLLED_BACK -> enter(Phase.ROLLED_BACK);
      case ROLLBACK_INCOMPLETE -> enter(Phase.ROLLBACK_INCOMPLETE);
      case COMPLETED, REFUSED, RUNNING -> {
        // the phase that it is in lasts
      }
    }
    endPhase();
    note(EVENT, "ENDED", how.name(), Map.of("by", CommandDetails.orUnnamed(request.by())));
    write();
  }

  /** Under keys of this repair's own: an earlier one noted the same things. */
  @Override
  void note(String event, String subject, String result, Map<String, String> details) {
    records.note(event, subject + "/" + repair, result, details);
  }

  @Override
  public MigrationReport report() {
    return new MigrationReport(
        before.migrationId(),
        before.workflowId(),
        before.runId(),
        before.tenant(),
        outcome,
        cancelled,
        failure,
        before.refusals(),
        List.copyOf(warnings),
        before.leftBehind(),
        List.copyOf(phases),
        before.snapshot(),
        fencedAt == null ? before.writeFenceSeconds() : writeFenceSeconds(),
        before.stores(),
        before.checks(),
        List.copyOf(rollback),
        fencedAt,
        writableAt,
        before.steps(),
        List.copyOf(wishes),
        before.request(),
        Map.of(),
        before.forecast(),
        before.throttle());
  }

  private static MigrationReport nothingKnown(MigrationContext context) {
    return new MigrationReport(
        context.migrationId(),
        context.workflowId(),
        context.runId(),
        context.tenant(),
        Outcome.RUNNING,
        false,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        StoresSummary.NONE,
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        context.request());
  }
}
