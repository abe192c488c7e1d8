package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How long the steps of a migration took and how fast they moved what they moved. */
final class Work {

  private final MigrationReport report;
  private final String unfinished;

  /**
   * @param unfinished what is said of a step that has no end on record
   */
  Work(MigrationReport report, String unfinished) {
    this.report = report;
    this.unfinished = unfinished;
  }

  /** The steps up to the verification with amount, time and rate. */
  TextTable steps() {
    TextTable table = new TextTable("on", "step", "moved", "took", "rate");
    Map<String, List<StepTiming>> timings =
        report.steps().stream()
            .filter(
                timing ->
                    timing.phase().compareTo(Phase.VERIFY) < 0 || timing.phase() == Phase.DRAIN)
            .collect(
                Collectors.groupingBy(StepTiming::step, LinkedHashMap::new, Collectors.toList()));
    timings.forEach((activity, times) -> row(table, activity, times));
    return table;
  }

  private void row(TextTable table, String activity, List<StepTiming> times) {
    Duration took = times.stream().map(Work::duration).reduce(Duration.ZERO, Duration::plus);
    StepTiming last = times.get(times.size() - 1);
    Optional<Step> step = Step.ofActivity(activity);
    Amount moved = step.map(this::amount).orElse(Amount.NONE);
    table.row(
        step.map(known -> known.store().words()).orElse(""),
        Step.wordsFor(activity),
        moved.text(),
        unfinished(activity) ? standing() : StepTime.of(took, last, report),
        unfinished(activity) ? "" : moved.rate(took));
  }

  private boolean unfinished(String activity) {
    return report.steps().stream()
        .anyMatch(timing -> timing.step().equals(activity) && timing.finishedAt() == null);
  }

  private String standing() {
    return report.pause().isPresent() ? "paused" : unfinished;
  }

  /** How long a check took, with the others that its step made; empty where it was not made. */
  Optional<Duration> took(CheckName check) {
    Set<String> activities =
        Step.making(check).stream().map(Step::activity).collect(Collectors.toSet());
    return report.steps().stream()
        .filter(timing -> activities.contains(timing.step()) && timing.finishedAt() != null)
        .map(Work::duration)
        .reduce(Duration::plus);
  }

  private static Duration duration(StepTiming timing) {
    return timing.finishedAt() == null
        ? Duration.ZERO
        : Duration.between(timing.startedAt(), timing.finishedAt());
  }

  private Amount amount(Step step) {
    StoresSummary stores = report.stores();
    if (step == Step.COPY_ROWS && stores.postgres() != null) {
      var tables = stores.postgres().tables();
      return new Amount(
          tables.stream().mapToLong(StoresSummary.Table::rows).sum(),
          "rows",
          tables.stream().mapToLong(StoresSummary.Table::bytes).sum());
    }
    if (step == Step.COPY_OBJECTS && stores.objectStorage() != null) {
      return new Amount(
          stores.objectStorage().objects(), "objects", stores.objectStorage().bytes());
    }
    if (step == Step.REPLAY_TOPICS && stores.kafka() != null) {
      var topics = stores.kafka().topics();
      return new Amount(
          topics.stream().mapToLong(StoresSummary.Topic::records).sum(), "records", 0);
    }
    if (step == Step.COPY_DOCUMENTS && stores.elasticsearch() != null) {
      var indices = stores.elasticsearch().indices();
      return new Amount(
          indices.stream().mapToLong(StoresSummary.Index::documents).sum(), "documents", 0);
    }
    if (step == Step.WARM_CACHE && stores.redis() != null) {
      return new Amount(stores.redis().keys(), "keys", 0);
    }
    return Amount.NONE;
  }

  /**
   * What a step moved.
   *
   * @param bytes 0 where they are not counted
   */
  private record Amount(long count, String unit, long bytes) {

    static final Amount NONE = new Amount(0, "", 0);

    String text() {
      if (unit.isEmpty()) {
        return "";
      }
      String counted = "%s %s".formatted(Units.count(count), unit);
      return bytes > 0 ? "%s, %s".formatted(counted, Units.bytes(bytes)) : counted;
    }

    String rate(Duration took) {
      if (count == 0 || took.toMillis() == 0) {
        return "";
      }
      String counted = "%s %s/s".formatted(Units.count(perSecond(count, took)), unit);
      return bytes > 0
          ? "%s, %s/s".formatted(counted, Units.bytes(perSecond(bytes, took)))
          : counted;
    }

    private static long perSecond(long amount, Duration took) {
      return Math.round(amount * 1000.0 / took.toMillis());
    }
  }
}
