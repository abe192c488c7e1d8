package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a running migration stands at one moment, as people read it at a terminal. */
public final class StatusText {

  private StatusText() {}

  /** What it does or waits for, since when, and each step that runs. */
  public static String of(LiveMigration live, Instant now, Screen screen) {
    int columns = screen.columns();
    StringBuilder text = new StringBuilder();
    text.append(
            screen
                .colours()
                .strong("Tenant %s: the migration %s.".formatted(live.tenant(), state(live))))
        .append('\n');
    facts(live, now)
        .forEach(
            (name, value) ->
                text.append(Wrapped.behind(ReportText.FACT.formatted(name), value, columns)));
    if (!live.activities().isEmpty()) {
      text.append('\n').append(screen.colours().strong("In progress")).append('\n');
      List<ProgressLine> steps =
          live.activities().stream().map(step -> new ProgressLine(step, 0, now)).toList();
      for (List<String> step : ProgressLine.all(steps, columns - 2)) {
        step.forEach(line -> text.append("  ").append(line).append('\n'));
      }
    }
    return text.toString();
  }

  private static String state(LiveMigration live) {
    MigrationReport report = live.report();
    if (CurrentState.paused(live).isPresent()) {
      return "is paused";
    }
    return report == null ? "has begun" : ReportText.running(report);
  }

  private static Map<String, String> facts(LiveMigration live, Instant now) {
    Map<String, String> facts = new LinkedHashMap<>();
    MigrationReport report = live.report();
    facts.put("Phase", live.phase() + since(live, now));
    String waits = CurrentState.waitsFor(live, now);
    if (!waits.isEmpty()) {
      facts.put("Now", waits);
    }
    if (report != null) {
      report.pause().ifPresent(pause -> facts.put("Paused", asked(pause, now)));
      report.cancel().ifPresent(cancel -> facts.put("Cancelled", asked(cancel, now)));
      report.wishes().stream()
          .filter(wish -> wish.kind() == AcceptedCommand.Kind.REPAIR)
          .reduce((earlier, later) -> later)
          .ifPresent(repair -> facts.put("Repair requested", asked(repair, now)));
    }
    Forecast forecast = live.forecast();
    if (forecast != null) {
      facts.put(Facts.READ_ONLY_IF_NOW, ForecastText.parts(forecast));
    }
    CurrentState.readOnly(live, now).ifPresent(time -> facts.put("Tenant read-only for", time));
    if (report != null) {
      Map<String, String> known = Facts.of(report);
      List.of(Facts.THROTTLE, "Tier", "Began", "Migration", "Temporal")
          .forEach(
              name -> {
                String value = known.get(name);
                if (value != null) {
                  facts.put(name, value);
                }
              });
    }
    return facts;
  }

  private static String since(LiveMigration live, Instant now) {
    MigrationReport report = live.report();
    if (report == null || report.phases().isEmpty()) {
      return "";
    }
    PhaseTiming last = report.phases().get(report.phases().size() - 1);
    return last.phase() == live.phase() ? ", for " + time(last.startedAt(), now) : "";
  }

  private static String asked(AcceptedCommand wish, Instant now) {
    return "%s ago, %s".formatted(time(wish.at(), now), AcceptedCommands.whoAndWhy(wish));
  }

  private static String time(Instant since, Instant now) {
    return ProgressLine.clock(Duration.between(since, now));
  }
}
