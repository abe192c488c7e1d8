package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.activities.tenantconfig.RecordListener;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Counts what comes on record: phases, checks, compensations, failures and outcomes, as the audit
 * trail names them, and what was moved; and each once.
 *
 * <p>All series exist from the start, at 0: Prometheus does not see the step of a counter that
 * begins with 1.
 */
final class RecordMeters implements RecordListener {

  private static final Set<Phase> ENDS =
      EnumSet.of(Phase.COMPLETED, Phase.REFUSED, Phase.ROLLED_BACK, Phase.ROLLBACK_INCOMPLETE);

  /** From a pause that users hardly see to one that fills a night. */
  private static final Duration[] FENCE_BUCKETS = {
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofMinutes(30),
    Duration.ofHours(1),
    Duration.ofHours(2),
    Duration.ofHours(4),
    Duration.ofHours(8),
  };

  private final MeterRegistry registry;
  private final MovedMeters moved;

  RecordMeters(MeterRegistry registry) {
    this.registry = registry;
    this.moved = new MovedMeters(registry);
    for (Phase phase : EnumSet.complementOf(EnumSet.copyOf(ENDS))) {
      phase(phase);
    }
    for (Outcome outcome : EnumSet.complementOf(EnumSet.of(Outcome.RUNNING))) {
      ended(outcome, false);
      fence(outcome);
    }
    ended(Outcome.ROLLED_BACK, true);
    ended(Outcome.ROLLBACK_INCOMPLETE, true);
    for (FailureType type : FailureType.values()) {
      failure(type.name());
    }
    for (CheckName check : CheckName.values()) {
      for (CheckResult.Status status : CheckResult.Status.values()) {
        check(check.name(), status.name());
      }
    }
    for (Compensation step : Compensation.values()) {
      for (RollbackStep.Status status : RollbackStep.Status.values()) {
        compensation(step.name(), status.name());
      }
    }
  }

  @Override
  public void recorded(MigrationReport report, List<Entry> entries) {
    for (Entry entry : entries) {
      switch (entry.event()) {
        case "PHASE" -> phaseNoted(report, entry);
        case "CHECK" -> check(detail(entry, "check"), entry.outcome()).increment();
        case "COMPENSATION" -> compensation(detail(entry, "step"), entry.outcome()).increment();
        case "FAILURE" -> failure(detail(entry, "type")).increment();
        default -> {
          // what operators did, warnings and the like stand in the audit trail alone
        }
      }
    }
  }

  private void phaseNoted(MigrationReport report, Entry entry) {
    if (entry.outcome().equals("STARTED")) {
      return;
    }
    if (ENDS.contains(entry.phase())) {
      ended(report.outcome(), report.cancelled()).increment();
      if (report.writeFenceSeconds() != null) {
        long millis = Math.round(report.writeFenceSeconds() * 1000);
        fence(report.outcome()).record(Duration.ofMillis(millis));
      }
      return;
    }
    if (entry.phase() == Phase.COPY) {
      moved.copied(report.stores());
    } else if (entry.phase() == Phase.WARM) {
      moved.warmed(report.stores());
    }
    report.phases().stream()
        .filter(timing -> timing.phase() == entry.phase())
        .reduce((earlier, later) -> later)
        .flatMap(RecordMeters::length)
        .ifPresent(phase(entry.phase())::record);
  }

  private static Optional<Duration> length(PhaseTiming timing) {
    return timing.finishedAt() == null
        ? Optional.empty()
        : Optional.of(Duration.between(timing.startedAt(), timing.finishedAt()));
  }

  private static String detail(Entry entry, String key) {
    return Objects.requireNonNullElse(entry.details().get(key), "");
  }

  private Timer phase(Phase phase) {
    return Timer.builder("tenant.migration.phase")
        .description("Duration of ended phases")
        .tag("phase", phase.name())
        .register(registry);
  }

  private Counter ended(Outcome outcome, boolean cancelled) {
    return Counter.builder("tenant.migration.ended")
        .description("Ended migrations")
        .tag("outcome", outcome.name())
        .tag("cancelled", Boolean.toString(cancelled))
        .register(registry);
  }

  private Timer fence(Outcome outcome) {
    return Timer.builder("tenant.migration.write.fence")
        .description("How long tenants could not write, per ended migration")
        .tag("outcome", outcome.name())
        .serviceLevelObjectives(FENCE_BUCKETS)
        .register(registry);
  }

  private Counter failure(String type) {
    return Counter.builder("tenant.migration.failures")
        .description("Failures that rolled back a migration; a cancel is not a failure")
        .tag("type", type)
        .register(registry);
  }

  private Counter check(String check, String status) {
    return Counter.builder("tenant.migration.checks")
        .description("Verification checks by result")
        .tag("check", check)
        .tag("status", status)
        .register(registry);
  }

  private Counter compensation(String step, String status) {
    return Counter.builder("tenant.migration.compensations")
        .description("Rollback steps by result")
        .tag("step", step)
        .tag("status", status)
        .register(registry);
  }
}
