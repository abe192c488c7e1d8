package com.matih.tenantmigration.starter.html;

import com.matih.tenantmigration.starter.text.StepTime;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The phases, the steps of each store and the tenant's read-only time as bars on one scale. */
final class Timeline {

  private static final int MOST_TICKS = 6;
  private static final long[] TICKS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400
  };

  /** Past this share of the scale a bar's time stands before the bar. */
  private static final double LATE = 0.72;

  /** A label further to the right would stand beside the scale. */
  private static final double LAST_LABEL = 0.97;

  private final MigrationReport report;
  private final Instant begin;
  private final Instant end;
  private final StringBuilder html = new StringBuilder();

  private Timeline(MigrationReport report) {
    this.report = report;
    this.begin = report.phases().get(0).startedAt();
    this.end =
        Stream.concat(
                report.phases().stream()
                    .flatMap(phase -> moments(phase.startedAt(), phase.finishedAt())),
                report.steps().stream()
                    .flatMap(step -> moments(step.startedAt(), step.finishedAt())))
            .max(Instant::compareTo)
            .orElse(begin);
  }

  /** The timeline; empty for a report without phases. */
  static String of(MigrationReport report) {
    return report.phases().isEmpty() ? "" : new Timeline(report).draw();
  }

  private static Stream<Instant> moments(Instant began, @Nullable Instant finished) {
    return finished == null ? Stream.of(began) : Stream.of(began, finished);
  }

  private String draw() {
    html.append("<div class=\"timeline\">\n");
    axis();
    if (report.fencedAt() != null) {
      lane(
          "fence", "tenant read-only", "", report.fencedAt(), report.writableAt(), Units::duration);
    }
    for (PhaseTiming phase : report.phases()) {
      lane(
          kind(phase.phase()),
          phase.phase().name(),
          "",
          phase.startedAt(),
          phase.finishedAt(),
          Units::duration);
      // the checks have their own table
      if (phase.phase() != Phase.VERIFY && phase.phase() != Phase.CUTOVER) {
        report.steps().stream().filter(step -> step.phase() == phase.phase()).forEach(this::step);
      }
    }
    return html.append("</div>\n").toString();
  }

  private static String kind(Phase phase) {
    return switch (phase) {
      case ROLLING_BACK, ROLLED_BACK, ROLLBACK_INCOMPLETE -> "phase back";
      case PREFLIGHT,
          PROVISION,
          CAPTURE,
          AWAITING_APPROVAL,
          FENCE,
          SNAPSHOT,
          COPY,
          WARM,
          CATCH_UP,
          DRAIN,
          VERIFY,
          CUTOVER,
          COMPLETED,
          REFUSED ->
          "phase";
    };
  }

  private void step(StepTiming step) {
    String store = Step.ofActivity(step.step()).map(known -> known.store().words()).orElse("");
    lane(
        "step",
        Step.wordsFor(step.step()),
        store,
        step.startedAt(),
        step.finishedAt(),
        took -> StepTime.of(took, step, report));
  }

  private void axis() {
    long seconds = Math.max(1, Duration.between(begin, end).toSeconds());
    long every = TICKS[TICKS.length - 1];
    for (int i = TICKS.length - 1; i >= 0 && seconds / TICKS[i] <= MOST_TICKS; i--) {
      every = TICKS[i];
    }
    html.append("<div class=\"lane axis\"><span></span><span class=\"track\">");
    for (long at = 0; at <= seconds && part(begin.plusSeconds(at)) < LAST_LABEL; at += every) {
      html.append("<i style=\"left:%s\">%s</i>".formatted(share(begin.plusSeconds(at)), label(at)));
    }
    html.append("</span></div>\n");
  }

  private static String label(long seconds) {
    if (seconds < 60 || seconds % 60 != 0) {
      return seconds + " s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds / 60 + " min";
  }

  private void lane(
      String kind,
      String name,
      String store,
      Instant from,
      @Nullable Instant until,
      Function<Duration, String> label) {
    Instant to = until == null ? end : until;
    String took = until == null ? "so far" : label.apply(Duration.between(from, until));
    String place =
        part(from) > LATE
            ? "right:calc(100%% - %s)".formatted(share(from))
            : "left:max(%s, calc(%s + 3px))".formatted(share(to), share(from));
    if (part(from) <= LATE && part(to) > LATE) {
      place = "right:calc(100%% - %s);color:var(--on-bar)".formatted(share(to));
    }
    html.append("<div class=\"lane %s\"><span class=\"name\">".formatted(kind))
        .append(Html.escape(name))
        .append(store.isEmpty() ? "" : " <small>%s</small>".formatted(Html.escape(store)))
        .append(
            "</span><span class=\"track\"><b style=\"left:%s;width:%s\"></b>"
                .formatted(share(from), width(from, to)))
        .append("<em style=\"%s\">%s</em></span></div>\n".formatted(place, took));
  }

  private String share(Instant at) {
    return percent(part(at));
  }

  private String width(Instant from, Instant to) {
    return percent(part(to) - part(from));
  }

  private double part(Instant at) {
    long whole = Math.max(1, Duration.between(begin, end).toMillis());
    return Math.min(1, Math.max(0, Duration.between(begin, at).toMillis() / (double) whole));
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f%%", part * 100);
  }
}
