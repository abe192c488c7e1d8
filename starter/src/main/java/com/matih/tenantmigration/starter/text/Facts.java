package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one wants to know of a migration before anything else, by name. */
public final class Facts {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Facts() {}

  /** The facts in the order in which they are read. */
  public static Map<String, String> of(MigrationReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    MigrationRequest request = report.request();
    if (request != null) {
      facts.put("Tier", "%s → %s".formatted(request.tier().from(), request.tier().to()));
    }
    List<PhaseTiming> phases = report.phases();
    if (!phases.isEmpty()) {
      Instant began = phases.get(0).startedAt();
      Instant ended = phases.get(phases.size() - 1).finishedAt();
      facts.put("Began", moment(began));
      facts.put(
          "Took", ended == null ? "still running" : Units.duration(Duration.between(began, ended)));
    }
    if (report.writeFenceSeconds() != null) {
      facts.put("Tenant read-only for", fenceTime(report.writeFenceSeconds(), report));
    }
    if (!report.checks().isEmpty()) {
      facts.put("Checks", checks(report.checks()));
    }
    if (report.snapshot() != null) {
      facts.put("Snapshot", report.snapshot());
    }
    facts.put("Migration", report.migrationId());
    facts.put("Temporal", "%s, run %s".formatted(report.workflowId(), report.runId()));
    return facts;
  }

  private static String fenceTime(Double seconds, MigrationReport report) {
    String time = Units.duration(Duration.ofMillis(Math.round(seconds * 1000)));
    return report.writableAt() == null ? time + " so far" : time;
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

  /** A moment to the second; empty for {@code null}. */
  public static String moment(@Nullable Instant at) {
    return at == null ? "" : MOMENT.format(at);
  }
}
