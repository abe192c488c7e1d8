package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.report.forecast.PlanForecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is expected of the time in which a tenant is read-only, and what became of it. */
final class ForecastText {

  private ForecastText() {}

  /** {@code about 4.1 s: FENCE 0.9 s, DRAIN 1.7 s (postgres 1.7 s, kafka 1.2 s), CUTOVER 1.5 s}. */
  static String parts(Forecast forecast) {
    List<String> phases = new ArrayList<>();
    for (Forecast.Part part : forecast.parts()) {
      if (part.store() == null) {
        List<String> stores = new ArrayList<>();
        forecast
            .stores(part.phase())
            .forEach((store, seconds) -> stores.add("%s %s".formatted(store, time(seconds))));
        phases.add(
            "%s %s%s"
                .formatted(
                    part.phase(),
                    time(part.seconds()),
                    stores.isEmpty() ? "" : " (%s)".formatted(String.join(", ", stores))));
      }
    }
    return "about %s: %s".formatted(time(forecast.seconds()), String.join(", ", phases));
  }

  /** {@code kafka 1.2 s (3 changes), postgres 0.9 s (1 change)}. */
  static String lag(Map<String, Lag> stores) {
    return new TreeMap<>(stores)
        .entrySet().stream()
            .map(
                store ->
                    "%s %s (%s)"
                        .formatted(
                            store.getKey(),
                            time(store.getValue().seconds()),
                            Units.plural(store.getValue().changes(), "change")))
            .collect(Collectors.joining(", "));
  }

  static String time(double seconds) {
    return Units.duration(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  /** How long the copy takes, and how long the tenant is read-only, of a plan. */
  static TextTable planned(@Nullable PlanForecast forecast) {
    TextTable table = new TextTable("forecast", "store", "takes");
    if (forecast != null) {
      forecast
          .copy()
          .parts()
          .forEach(part -> table.row("copy", store(part), about(part.seconds())));
      table.row("tenant read-only", "", time(forecast.readOnly().seconds()));
      forecast
          .readOnly()
          .parts()
          .forEach(part -> table.row("  in " + part.phase(), store(part), time(part.seconds())));
      forecast
          .unknown()
          .forEach(
              estimate ->
                  table.row("not measured", estimate.store(), String.valueOf(estimate.unknown())));
    }
    return table;
  }

  /** Below a minute a copy's estimate is about what it takes to begin and to end. */
  private static String about(double seconds) {
    return seconds < 60 ? "less than a minute" : time(seconds);
  }

  private static String store(Forecast.Part part) {
    return part.store() == null ? "" : part.store();
  }

  /** The parts of the time in which the tenant was read-only beside what was expected of them. */
  static TextTable compared(MigrationReport report) {
    TextTable table = new TextTable("read-only in", "store", "forecast", "took");
    Forecast forecast = report.forecast();
    Double whole = report.writeFenceSeconds();
    if (forecast == null || whole == null || report.writableAt() == null) {
      return table;
    }
    for (Forecast.Part part : forecast.parts()) {
      OptionalDouble took = took(report, part.phase(), part.store());
      table.row(
          part.phase(),
          store(part),
          time(part.seconds()),
          took.isEmpty() ? "" : time(took.getAsDouble()));
    }
    return table.row("all", "", time(forecast.seconds()), time(whole));
  }

  private static OptionalDouble took(MigrationReport report, Phase phase, @Nullable String store) {
    Stream<Double> times =
        store == null
            ? report.phases().stream()
                .filter(timing -> timing.phase() == phase)
                .map(PhaseTiming::seconds)
            : report.steps().stream()
                .filter(timing -> timing.phase() == phase && isOf(timing, store))
                .map(StepTiming::seconds);
    return times.mapToDouble(Double::doubleValue).reduce(Double::sum);
  }

  private static boolean isOf(StepTiming timing, String store) {
    return Step.ofActivity(timing.step())
        .filter(step -> step.store().key().equals(store))
        .isPresent();
  }
}
