package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Delay;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The migration's story so far as Markdown, for Temporal's UI: a table of the phases with what each
 * brought, and what an operator has to know beside it. Its size does not grow with the tenant.
 */
final class CurrentDetails {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Keeps a number and its unit in one line of a narrow column. */
  private static final char NO_BREAK = '\u00a0';

  private static final int LONGEST_MESSAGE = 600;

  private final MigrationReport report;
  private final Phase now;
  private final StringBuilder text = new StringBuilder();

  private CurrentDetails(MigrationReport report, Phase now) {
    this.report = report;
    this.now = now;
  }

  /**
   * The story.
   *
   * @param lastWish the last thing that an operator asked for, or empty
   * @param delay the step that takes long and is tried until it is done, or {@code null}
   */
  static String of(MigrationReport report, Phase now, String lastWish, @Nullable Delay delay) {
    CurrentDetails details = new CurrentDetails(report, now);
    details.head(lastWish);
    details.delay(delay);
    details.phases();
    details.end();
    return details.text.toString();
  }

  private void head(String lastWish) {
    text.append("**%s** of tenant **%s**".formatted(now, report.tenant()));
    text.append(", migration %s%n".formatted(report.migrationId()));
    if (now.name().equals(report.outcome().name())) {
      text.append("%n%s%n".formatted(outcome()));
    }
    if (report.fencedAt() != null && report.writableAt() == null) {
      text.append(
          "%nThe tenant is **read-only** since %s UTC.%n"
              .formatted(CLOCK.format(report.fencedAt())));
    } else if (report.writeFenceSeconds() != null) {
      text.append("%nThe tenant could not write for %s.%n".formatted(fenceTime()));
    }
    if (!lastWish.isEmpty()) {
      text.append("%nLast command: %s%n".formatted(plain(lastWish)));
    }
    Failure failure = report.failure();
    if (failure != null) {
      text.append(
          "%n%s in %s: %s (%s)%n"
              .formatted(
                  report.cancelled() ? "**Cancelled**" : "**Failed**",
                  failure.phase(),
                  plain(failure.message()),
                  failure.type()));
    }
  }

  /** Temporal shows every run that ended by itself as Completed, in green. */
  private String outcome() {
    return switch (report.outcome()) {
      case COMPLETED -> "**Migrated**: the tenant is on its own infrastructure.";
      case REFUSED -> "**Not migrated**: the preflight refused it. Nothing was changed.";
      case ROLLED_BACK -> "**Not migrated**: it was rolled back. The tenant is where it was.";
      case ROLLBACK_INCOMPLETE ->
          "**Not migrated, and the rollback is incomplete**: tenant-migration repair %s finishes it."
              .formatted(report.tenant());
      case RUNNING -> "";
    };
  }

  private void delay(@Nullable Delay delay) {
    if (delay != null) {
      text.append(
          "%n**%s has been tried since %s UTC** and is tried until it is done; its pending activity"
              .formatted(plain(delay.step()), CLOCK.format(delay.since())));
      text.append(" has the last failure.%n".formatted());
    }
  }

  private String fenceTime() {
    Double seconds = report.writeFenceSeconds();
    return seconds == null ? "" : Units.duration(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private void phases() {
    text.append("%n| phase | began (UTC) | took | |%n|---|---|---|---|%n".formatted());
    for (PhaseTiming phase : report.phases()) {
      String took =
          phase.finishedAt() == null
              ? "running"
              : Units.duration(Duration.between(phase.startedAt(), phase.finishedAt()))
                  .replace(' ', NO_BREAK);
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(phase.phase(), CLOCK.format(phase.startedAt()), took, counts(phase)));
    }
  }

  private String counts(PhaseTiming phase) {
    return switch (phase.phase()) {
      case PREFLIGHT -> found(report.refusals().size(), report.warnings().size());
      case COPY -> String.join(", ", copied(report.stores()));
      case WARM -> {
        StoresSummary.Redis redis = report.stores().redis();
        yield redis == null ? "" : Units.count(redis.keys()) + " keys";
      }
      case VERIFY -> checks();
      case ROLLING_BACK -> undone();
      case SNAPSHOT -> report.snapshot() == null ? "" : plain(report.snapshot());
      case FENCE -> report.writeFenceSeconds() == null ? "" : "read-only for " + fenceTime();
      case PROVISION,
          CAPTURE,
          CATCH_UP,
          DRAIN,
          AWAITING_APPROVAL,
          CUTOVER,
          COMPLETED,
          REFUSED,
          ROLLED_BACK,
          ROLLBACK_INCOMPLETE ->
          "";
    };
  }

  private static String found(int refusals, int warnings) {
    List<String> parts = new ArrayList<>();
    if (refusals > 0) {
      parts.add(Units.plural(refusals, "blocker"));
    }
    if (warnings > 0) {
      parts.add(Units.plural(warnings, "warning"));
    }
    return String.join(", ", parts);
  }

  private static List<String> copied(StoresSummary stores) {
    List<String> parts = new ArrayList<>();
    StoresSummary.Postgres postgres = stores.postgres();
    if (postgres != null) {
      long rows = postgres.tables().stream().mapToLong(StoresSummary.Table::rows).sum();
      parts.add(
          "%s rows in %s"
              .formatted(Units.count(rows), Units.plural(postgres.tables().size(), "table")));
    }
    StoresSummary.ObjectStorage objects = stores.objectStorage();
    if (objects != null) {
      parts.add(
          "%s objects (%s)"
              .formatted(Units.count(objects.objects()), Units.bytes(objects.bytes())));
    }
    StoresSummary.Kafka kafka = stores.kafka();
    if (kafka != null) {
      long records = kafka.topics().stream().mapToLong(StoresSummary.Topic::records).sum();
      parts.add(
          "%s records in %s"
              .formatted(Units.count(records), Units.plural(kafka.topics().size(), "topic")));
    }
    StoresSummary.Elasticsearch elasticsearch = stores.elasticsearch();
    if (elasticsearch != null) {
      long documents =
          elasticsearch.indices().stream().mapToLong(StoresSummary.Index::documents).sum();
      parts.add(Units.count(documents) + " documents");
    }
    return parts;
  }

  private String checks() {
    List<String> parts = new ArrayList<>();
    for (CheckResult.Status status : CheckResult.Status.values()) {
      long count = report.checks().stream().filter(check -> check.status() == status).count();
      if (count > 0) {
        parts.add("%d %s".formatted(count, status.name().toLowerCase(Locale.ROOT)));
      }
    }
    return String.join(", ", parts);
  }

  private String undone() {
    long failed =
        report.rollback().stream()
            .filter(step -> step.status() == RollbackStep.Status.FAILED)
            .count();
    long done = report.rollback().size() - failed;
    return failed == 0
        ? Units.plural(done, "step") + " done"
        : "%s done, **%d failed**".formatted(Units.plural(done, "step"), failed);
  }

  private void end() {
    List<String> failing = new ArrayList<>();
    for (CheckResult check : report.checks()) {
      if (check.status() == CheckResult.Status.FAILED) {
        failing.add(
            "- %s: %s".formatted(check.check(), plain(String.join("; ", check.mismatches()))));
      }
    }
    section("Failed checks", failing);
    section(
        "Refused",
        report.refusals().stream()
            .map(
                refusal ->
                    "- %s %s: %s %s"
                        .formatted(
                            refusal.store(),
                            plain(refusal.object()),
                            plain(refusal.reason()),
                            plain(refusal.remedy())))
            .toList());
    section(
        "Rolled back",
        report.rollback().stream()
            .map(step -> "- %s %s: %s".formatted(step.step(), step.status(), plain(step.message())))
            .toList());
  }

  private void section(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("%n**%s**%n%n".formatted(title));
      lines.forEach(line -> text.append(line).append('\n'));
    }
  }

  /** A message in one line that no sign of Markdown takes apart. */
  private static String plain(String message) {
    String line =
        message.replaceAll("[\\p{Cntrl}]+", " ").replaceAll("([\\\\`*_<>|\\[\\]])", "\\\\$1");
    return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
  }
}
