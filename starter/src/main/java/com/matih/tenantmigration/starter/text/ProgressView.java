package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a running migration to its end: redrawn in place on a terminal, else a line where something
 * happened and one every five seconds for each step.
 */
public final class ProgressView {

  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
  private static final String INDENT = "       ";

  private final PrintWriter out;
  private final Screen screen;
  private final Clock clock;
  private final StepRates rates = new StepRates();
  private final NewEvents happenings = new NewEvents();

  /** How the steps of this phase ended that do not run any more, by their words. */
  private final Map<String, StepEnds.How> ended = new LinkedHashMap<>();

  private Instant began;
  private @Nullable Phase phase;
  private String note = "";
  private int drawn;
  private Instant plainAt = Instant.MIN;

  public ProgressView(PrintWriter out, Screen screen) {
    this(out, screen, Clock.systemUTC());
  }

  ProgressView(PrintWriter out, Screen screen, Clock clock) {
    this.out = out;
    this.screen = screen;
    this.clock = clock;
    this.began = clock.instant();
  }

  /** Shows where the migration stands now; the look that finds it ended is the last one. */
  public void show(LiveMigration live) {
    MigrationReport report = live.report();
    if (report != null && !report.phases().isEmpty()) {
      began = report.phases().get(0).startedAt();
    }
    boolean next = phase != live.phase();
    if (next) {
      ended.clear();
      rates.clear();
    }
    rates.take(live.activities(), clock.instant());
    List<NewEvents.Line> news = happenings.since(live);
    erase();
    tell(live, news);
    if (screen.redraws() && live.running()) {
      draw(live);
    } else {
      append(live, next || screen.redraws());
    }
    phase = live.phase();
    out.flush();
  }

  private void tell(LiveMigration live, List<NewEvents.Line> news) {
    for (NewEvents.Line happened : news) {
      StepEnds.Ended step = happened.end();
      if (step == null || !screen.redraws()) {
        line(happened.text());
      } else if (step.phase() == live.phase()) {
        ended.put(step.activity(), step.how());
      }
    }
    live.activities().forEach(activity -> ended.remove(activity.activity()));
  }

  private void draw(LiveMigration live) {
    List<String> lines = new ArrayList<>();
    lines.add(stamp() + CurrentState.of(live, clock.instant()));
    for (ActivityProgress activity : live.activities()) {
      lines.add(INDENT + progress(activity, true));
    }
    for (StepEnds.How how : StepEnds.How.values()) {
      List<String> names =
          ended.entrySet().stream()
              .filter(step -> step.getValue() == how)
              .map(step -> Step.wordsFor(step.getKey()))
              .toList();
      if (!names.isEmpty()) {
        lines.add("%s%s: %s".formatted(INDENT, how.word(), String.join(", ", names)));
      }
    }
    lines.forEach(text -> out.println(screen.cut(text)));
    drawn = lines.size();
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private void append(LiveMigration live, boolean next) {
    String noted = CurrentState.waitsFor(live);
    if (next || !note.equals(noted)) {
      line(CurrentState.of(live, clock.instant()));
      note = noted;
      plainAt = clock.instant();
    }
    if (!clock.instant().isBefore(plainAt.plus(PLAIN_EVERY))) {
      plainAt = clock.instant();
      for (ActivityProgress activity : live.activities()) {
        line(live.phase() + "  " + progress(activity, false));
      }
    }
  }

  private String progress(ActivityProgress activity, boolean bar) {
    return ProgressLine.of(activity, rates.perSecond(activity.activity()), bar);
  }

  private void line(String text) {
    List<String> lines =
        screen.redraws() ? Wrapped.lines(text, screen.columns() - INDENT.length()) : List.of(text);
    out.println(stamp() + lines.get(0));
    lines.stream().skip(1).forEach(rest -> out.println(INDENT + rest));
  }

  /** The time since the migration began. */
  private String stamp() {
    long seconds = Math.max(0, Duration.between(began, clock.instant()).toSeconds());
    return "%02d:%02d  ".formatted(seconds / 60, seconds % 60);
  }
}
