package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Where a running migration stands, in one line. */
final class CurrentState {

  private CurrentState() {}

  /** The phase, how long the tenant cannot write, and what the migration waits for. */
  static String of(LiveMigration live, Instant now) {
    String waits = waitsFor(live, now);
    return live.phase()
        + readOnly(live, now).map(time -> "  tenant read-only for " + time).orElse("")
        + (waits.isEmpty() ? "" : "  " + waits)
        + readOnlyNext(live)
        + paused(live).map(pause -> "  " + pause).orElse("");
  }

  /** How long the tenant will be read-only, for who decides on the moment. */
  private static String readOnlyNext(LiveMigration live) {
    Forecast forecast = live.forecast();
    return live.phase() == Phase.AWAITING_APPROVAL && forecast != null
        ? "  read-only if now: about " + ForecastText.time(forecast.seconds())
        : "";
  }

  /** What the migration waits for beside an operator's resume; empty where it works. */
  static String waitsFor(LiveMigration live, Instant now) {
    if (live.workerSilent()) {
      return "no worker is polling task queue %s".formatted(TemporalNames.TASK_QUEUE);
    }
    if (live.awaitingApproval()) {
      return "waiting for approval: approve " + live.tenant();
    }
    MigrationReport report = live.report();
    return live.phase() == Phase.AWAITING_APPROVAL && report != null
        ? report.cutoverAt(now).map(at -> "waiting until " + at).orElse("")
        : "";
  }

  /** Who paused it and why; empty where it is not paused. */
  static Optional<String> paused(LiveMigration live) {
    MigrationReport report = live.report();
    Optional<String> told =
        report == null ? Optional.empty() : report.pause().map(AcceptedCommands::told);
    return told.isEmpty() && live.paused() ? Optional.of("paused by an operator") : told;
  }

  /** How long the tenant has not been able to write, while it is not. */
  static Optional<String> readOnly(LiveMigration live, Instant now) {
    MigrationReport report = live.report();
    if (report == null || !live.running() || report.writableAt() != null) {
      return Optional.empty();
    }
    return fencedAt(report).map(since -> ProgressLine.clock(Duration.between(since, now)));
  }

  /** Since when the tenant could not write. */
  static Optional<Instant> fencedAt(MigrationReport report) {
    Instant known = report.fencedAt();
    return known != null
        ? Optional.of(known)
        // it is on record with the phase that follows
        : report.phases().stream()
            .filter(timing -> timing.phase() == Phase.FENCE)
            .map(PhaseTiming::startedAt)
            .findFirst();
  }
}
