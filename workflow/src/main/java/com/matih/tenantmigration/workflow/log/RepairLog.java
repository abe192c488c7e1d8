package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairReport.Way;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.Unfinished;
import com.matih.tenantmigration.workflow.report.Delay;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.Wish;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The report of a migration that is repaired, and its way into the control plane: what was on
 * record, with what the repair adds to it.
 *
 * <p>The outcome on record stays until the repair has ended: one that is stopped leaves a migration
 * that can be repaired again.
 */
public final class RepairLog implements RollbackListener {

  private static final String EVENT = "REPAIR";

  private final RepairRequest request;

  /** Tells the repair's lines in the audit trail from those of other repairs. */
  private final String repair;

  private final RecordWriter records;
  private final List<PhaseTiming> phases = new ArrayList<>();
  private final List<RollbackStep> rollback = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final List<Wish> wishes = new ArrayList<>();
  private final List<RollbackStep> run = new ArrayList<>();
  private MigrationReport before;
  private Phase phase = Phase.ROLLING_BACK;
  private Outcome outcome = Outcome.RUNNING;
  private boolean begun;
  private boolean cancelled;
  private @Nullable Failure failure;
  private @Nullable Instant fencedAt;
  private @Nullable Instant writableAt;
  private @Nullable Delay delay;

  public RepairLog(RepairRequest request, MigrationContext context) {
    this.request = request;
    this.repair = MigrationContext.migrationId(context.runId());
    this.before = nothingKnown(context);
    this.records = new RecordWriter(context, this::phase, this::report);
  }

  /** The steps of the way back as this repair ran them. */
  public List<RollbackStep> run() {
    return List.copyOf(run);
  }

  public Phase phase() {
    return phase;
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
              how == null ? "It did not come to its end, and was repaired." : how);
      cancelled = true;
    }
    if (!begun) {
      wishes.add(new Wish(now(), reached, Wish.Kind.REPAIR, request.by(), null));
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

  private void endPhase() {
    if (phases.isEmpty() || phases.get(phases.size() - 1).finishedAt() != null) {
      return;
    }
    PhaseTiming last = phases.remove(phases.size() - 1);
    phases.add(new PhaseTiming(last.phase(), last.startedAt(), now()));
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
    note(
        "COMPENSATION",
        step.step(),
        step.status().name(),
        Map.of("step", step.step(), "message", step.message()));
    tell();
    // what comes next may bring the tenant back, and does not wait
    records.writeIfPossible();
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
    warnings.add(warning);
    note(
        "WARNING",
        warning.store() + "/" + warning.object(),
        "NOTED",
        Map.of("store", warning.store(), "object", warning.object(), "message", warning.message()));
  }

  /** Notes what could not be removed after the cutover; what an earlier try left is over. */
  public void cleanedUp(List<Warning> left) {
    warnings.removeIf(earlier -> Unfinished.isCleanup(earlier.object()));
    left.forEach(this::warn);
  }

  @Override
  public void delayed(Delay step) {
    delay = step;
    tell();
  }

  @Override
  public void delayIsOver() {
    delay = null;
    tell();
  }

  /** The step that takes long and is tried until it is done. */
  public @Nullable Delay delay() {
    return delay;
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
  private void note(String event, String subject, String result, Map<String, String> details) {
    records.note(event, subject + "/" + repair, result, details);
  }

  private void write() {
    tell();
    records.write();
  }

  private void tell() {
    Workflow.setCurrentDetails(CurrentDetails.of(report(), phase, "", delay));
  }

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
        List.copyOf(phases),
        before.snapshot(),
        writeFenceSeconds(),
        before.stores(),
        before.checks(),
        List.copyOf(rollback),
        fencedAt,
        writableAt,
        before.steps(),
        List.copyOf(wishes),
        before.request());
  }

  private @Nullable Double writeFenceSeconds() {
    if (fencedAt == null) {
      return before.writeFenceSeconds();
    }
    Instant until = writableAt == null ? now() : writableAt;
    return Duration.between(fencedAt, until).toMillis() / 1000.0;
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
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
