package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.TierChange;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one wants to know of a migration before anything else, by name. */
public final class Facts {

  /** Names how long the tenant could not write. */
  static final String READ_ONLY = "Tenant read-only for";

  /** Names how long it would not be able to, if it were fenced now. */
  static final String READ_ONLY_IF_NOW = "Read-only if now";

  /** Names how gently the shared side is read. */
  static final String THROTTLE = "Throttle";

  private Facts() {}

  /** The facts in the order in which they are read. */
  public static Map<String, String> of(MigrationReport report) {
    return of(report, Instant.now());
  }

  /**
   * The same of a migration that Temporal may have ended from outside: what its report says of time
   * was true when it was written.
   */
  public static Map<String, String> of(MigrationReport report, @Nullable EndedFromOutside ended) {
    Map<String, String> facts = of(report);
    if (ended != null) {
      facts.remove("Took");
      facts.remove(READ_ONLY);
      facts.remove(READ_ONLY_IF_NOW);
      facts.remove("Behind");
    }
    if (ended != null && ended.tenantReadOnly()) {
      CurrentState.fencedAt(report)
          .ifPresent(
              since ->
                  facts.put(
                      READ_ONLY,
                      Units.duration(Duration.between(since, Instant.now())) + " so far"));
    }
    return facts;
  }

  static Map<String, String> of(MigrationReport report, Instant now) {
    Map<String, String> facts = new LinkedHashMap<>();
    MigrationRequest request = report.request();
    if (request != null) {
      facts.put("Tier", tier(request.tier(), report.outcome()));
    }
    List<PhaseTiming> phases = report.phases();
    if (!phases.isEmpty()) {
      Instant began = phases.get(0).startedAt();
      Instant ended = phases.get(phases.size() - 1).finishedAt();
      facts.put("Began", Moment.of(began));
      facts.put(
          "Took", ended == null ? "still running" : Units.duration(Duration.between(began, ended)));
    }
    report
        .pause()
        .ifPresent(
            pause ->
                facts.put(
                    "Paused",
                    "since %s %s"
                        .formatted(Moment.of(pause.at()), AcceptedCommands.whoAndWhy(pause))));
    readOnly(report, now).ifPresent(time -> facts.put(READ_ONLY, time));
    if (!report.lag().isEmpty()) {
      facts.put("Behind", ForecastText.lag(report.lag()));
    }
    report
        .readOnlyIfFencedNow()
        .ifPresent(forecast -> facts.put(READ_ONLY_IF_NOW, ForecastText.parts(forecast)));
    if (!report.checks().isEmpty()) {
      facts.put("Checks", checks(report.checks()));
    }
    if (report.throttle() != null) {
      facts.put(THROTTLE, report.throttle().words());
    }
    if (report.snapshot() != null) {
      facts.put("Snapshot", report.snapshot() + (isWhole(report) ? "" : notWhole(report)));
    }
    facts.put("Migration", report.migrationId());
    facts.put("Temporal", "%s, run %s".formatted(report.workflowId(), report.runId()));
    return facts;
  }

  private static String tier(TierChange tier, Outcome outcome) {
    String change = "%s → %s".formatted(tier.from(), tier.to());
    return switch (outcome) {
      case COMPLETED -> change;
      case RUNNING -> change + " with the cutover";
      case REFUSED, ROLLED_BACK -> "unchanged (requested: %s)".formatted(change);
      case ROLLBACK_INCOMPLETE -> "requested: " + change;
    };
  }

  /**
   * Whether the snapshot was sealed, which is the last thing that is done to the database's copy.
   */
  private static boolean isWhole(MigrationReport report) {
    return report.phases().stream().anyMatch(entered -> entered.phase() == Phase.WARM)
        || report.steps().stream()
            .anyMatch(
                step ->
                    step.step().equals(Step.FINISH_DATABASE.activity())
                        && step.end() == StepTiming.End.DONE);
  }

  private static String notWhole(MigrationReport report) {
    return report.outcome() == Outcome.RUNNING && report.failure() == null
        ? " (not complete yet)"
        : " (incomplete: it cannot be restored)";
  }

  /** How long the tenant could not write; what a running migration's report says of it is old. */
  private static Optional<String> readOnly(MigrationReport report, Instant now) {
    Instant fenced = report.fencedAt();
    if (report.outcome() == Outcome.RUNNING && fenced != null && report.writableAt() == null) {
      return Optional.of(Units.duration(Duration.between(fenced, now)) + " so far");
    }
    return Optional.ofNullable(report.writeFenceSeconds())
        .map(seconds -> Units.duration(Duration.ofMillis(Math.round(seconds * 1000))))
        .map(time -> report.writableAt() == null ? time + " so far" : time + forecast(report));
  }

  private static String forecast(MigrationReport report) {
    return report.forecast() == null
        ? ""
        : " (forecast: %s)".formatted(ForecastText.time(report.forecast().seconds()));
  }

  private static String checks(List<CheckResult> checks) {
    StringBuilder text = new StringBuilder();
    for (CheckResult.Status status : CheckResult.Status.values()) {
      long count = checks.stream().filter(check -> check.status() == status).count();
      if (count > 0) {
        text.append(text.isEmpty() ? "" : ", ")
            .append("%d %s".formatted(count, status.name().toLowerCase(Locale.ROOT)));
      }
    }
    return text.toString();
  }
}
