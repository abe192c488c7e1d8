package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A migration of tenant acme as it goes on, for tests; each phase takes a second. */
final class Example {

  private final List<PhaseTiming> phases = new ArrayList<>();
  private final List<StepTiming> steps = new ArrayList<>();
  private final List<AcceptedCommand> wishes = new ArrayList<>();
  private final List<RollbackStep> rollback = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private @Nullable Failure failure;
  private @Nullable String snapshot;
  private Instant now = ExampleReports.BEGAN;

  Example(Phase phase) {
    phases.add(new PhaseTiming(phase, now, null));
  }

  Example then(Phase next) {
    PhaseTiming last = phases.remove(phases.size() - 1);
    now = now.plusSeconds(1);
    phases.add(new PhaseTiming(last.phase(), last.startedAt(), now));
    phases.add(new PhaseTiming(next, now, null));
    return this;
  }

  Example step(String activity, StepTiming.End end) {
    Instant began = now.plusMillis(steps.size());
    steps.add(new StepTiming(phase(), activity, began, began.plusMillis(1), end));
    return this;
  }

  Example wish(AcceptedCommand.Kind kind, @Nullable String by, @Nullable String reason) {
    wishes.add(new AcceptedCommand(now, phase(), kind, by, reason));
    return this;
  }

  Example failed(String message) {
    failure = new Failure(phase(), FailureType.UNEXPECTED, message);
    return this;
  }

  Example cancelled(String reason) {
    failure = new Failure(phase(), FailureType.CANCELLED, reason);
    return this;
  }

  Example undone(String step) {
    rollback.add(new RollbackStep(step, RollbackStep.Status.DONE, "it was so"));
    return this;
  }

  Example undone(String step, String message) {
    rollback.add(new RollbackStep(step, RollbackStep.Status.DONE, message));
    return this;
  }

  Example warned(String store, String object, String message) {
    warnings.add(new Warning(store, object, message));
    return this;
  }

  Example snapshot(String location) {
    snapshot = location;
    return this;
  }

  LiveMigration live(ActivityProgress... activities) {
    MigrationReport report = report(Outcome.RUNNING);
    return new LiveMigration(
        "acme",
        true,
        phase(),
        report.pause().isPresent(),
        false,
        false,
        false,
        List.of(activities),
        report,
        null);
  }

  LiveMigration ended(Outcome outcome) {
    PhaseTiming last = phases.remove(phases.size() - 1);
    phases.add(new PhaseTiming(last.phase(), last.startedAt(), now));
    return new LiveMigration(
        "acme", false, last.phase(), false, false, false, false, List.of(), report(outcome), null);
  }

  MigrationReport report(Outcome outcome) {
    return new MigrationReport(
        "m1",
        "tenant-migration-acme",
        "r1",
        "acme",
        outcome,
        failure != null && failure.type() == FailureType.CANCELLED,
        failure,
        List.of(),
        List.copyOf(warnings),
        List.of(),
        List.copyOf(phases),
        snapshot,
        null,
        StoresSummary.NONE,
        List.of(),
        List.copyOf(rollback),
        null,
        null,
        List.copyOf(steps),
        List.copyOf(wishes),
        ExampleReports.request());
  }

  private Phase phase() {
    return phases.get(phases.size() - 1).phase();
  }
}
