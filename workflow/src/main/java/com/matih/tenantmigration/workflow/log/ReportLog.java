package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.Delay;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Warning;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report that grows, and its way into the control plane and Temporal's UI: what the logs of a
 * migration and of a repair have in common.
 *
 * <p>What is noted waits until the next write, which keeps it together with the report.
 */
abstract class ReportLog implements RollbackListener {

  final RecordWriter records;
  final List<PhaseTiming> phases = new ArrayList<>();
  final List<RollbackStep> rollback = new ArrayList<>();
  final List<Warning> warnings = new ArrayList<>();
  Phase phase;
  Outcome outcome = Outcome.RUNNING;
  boolean cancelled;
  @Nullable Failure failure;
  @Nullable Instant fencedAt;
  @Nullable Instant writableAt;
  String lastCommand = "";
  private @Nullable Delay delay;

  ReportLog(MigrationContext context, Phase first) {
    this.phase = first;
    this.records = new RecordWriter(context, this::phase, this::report);
  }

  public abstract MigrationReport report();

  /** Takes a line of the audit trail, for the next write. */
  abstract void note(String event, String subject, String result, Map<String, String> details);

  public Phase phase() {
    return phase;
  }

  /** The step that takes long and is tried until it is done. */
  public @Nullable Delay delay() {
    return delay;
  }

  @Override
  public void warn(Warning warning) {
    warnings.add(warning);
    note(
        "WARNING",
        warning.store() + "/" + warning.object(),
        "NOTED",
        Map.of("store", warning.store(), "object", warning.object(), "message", warning.message()));
  }

  /** On record where the control plane answers soon: what comes next may bring the tenant back. */
  @Override
  public void compensated(RollbackStep step) {
    note(
        "COMPENSATION",
        step.step(),
        step.status().name(),
        Map.of("step", step.step(), "message", step.message()));
    tell();
    records.writeIfPossible();
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

  /** Whether a phase was running. */
  boolean endPhase() {
    if (phases.isEmpty() || phases.get(phases.size() - 1).finishedAt() != null) {
      return false;
    }
    PhaseTiming last = phases.remove(phases.size() - 1);
    phases.add(new PhaseTiming(last.phase(), last.startedAt(), now()));
    return true;
  }

  /** Hands everything that is not yet on record to the control plane, and waits until it is. */
  public void write() {
    tell();
    records.write();
  }

  /** Shows people at Temporal's UI where the migration stands; costs the history nothing. */
  void tell() {
    Workflow.setCurrentDetails(CurrentDetails.of(report(), phase, lastCommand, delay));
  }

  @Nullable Double writeFenceSeconds() {
    if (fencedAt == null) {
      return null;
    }
    Instant until = writableAt == null ? now() : writableAt;
    return Duration.between(fencedAt, until).toMillis() / 1000.0;
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
