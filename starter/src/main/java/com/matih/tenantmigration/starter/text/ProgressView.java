package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Colours;
import com.matih.tenantmigration.starter.layout.RedrawnLines;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Progress;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final RedrawnLines redrawn;
  private final StepRates rates = new StepRates();
  private final NewEvents happenings = new NewEvents();

  /** How the steps of this phase ended that do not run any more, by their activity. */
  private final Map<String, StepEnds.How> ended = new LinkedHashMap<>();

  /** How far each step was when it last said so. */
  private final Map<String, Progress> reached = new HashMap<>();

  private Instant began;
  private @Nullable Phase phase;
  private String note = "";
  private Instant plainAt = Instant.MIN;
  private boolean stopped;

  public ProgressView(PrintWriter out, Screen screen) {
    this(out, screen, Clock.systemUTC());
  }

  ProgressView(PrintWriter out, Screen screen, Clock clock) {
    this.out = out;
    this.screen = screen;
    this.clock = clock;
    this.redrawn = new RedrawnLines(out);
    this.began = clock.instant();
  }

  /** Shows where the migration stands now; the look that finds it ended is the last one. */
  public synchronized void show(LiveMigration live) {
    if (stopped) {
      return;
    }
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
    live.activities().forEach(this::note);
    List<NewEvents.Line> news = happenings.since(live);
    redrawn.erase(screen.size());
    tell(live, news);
    if (screen.redraws() && live.running()) {
      draw(live, screen.size());
    } else {
      append(live, next || screen.redraws());
    }
    phase = live.phase();
    out.flush();
  }

  /** Shows nothing more, so that what others write after it stays. */
  public synchronized void stop() {
    stopped = true;
  }

  private void note(ActivityProgress activity) {
    Progress progress = activity.progress();
    if (progress != null) {
      reached.put(activity.activity(), progress);
    }
  }

  private void tell(LiveMigration live, List<NewEvents.Line> news) {
    for (NewEvents.Line happened : news) {
      StepEnds.Ended step = happened.end();
      if (step == null || !screen.redraws()) {
        line(stamp(happened.at()), happened.text() + at(step), happened.tone());
      } else if (step.phase() == live.phase()) {
        ended.put(step.activity(), step.how());
      }
    }
    live.activities().forEach(activity -> ended.remove(activity.activity()));
  }

  /** How far a step was that a pause stopped. */
  private String at(StepEnds.@Nullable Ended step) {
    return step == null ? "" : at(step.activity(), step.how());
  }

  private String at(String activity, StepEnds.How how) {
    Progress progress = how == StepEnds.How.PAUSED ? reached.get(activity) : null;
    String count = progress == null ? "" : ProgressLine.reached(progress);
    return count.isEmpty() ? "" : " at " + count;
  }

  private void draw(LiveMigration live, Screen.Size size) {
    int room = size.columns() - INDENT.length();
    List<List<String>> steps =
        ProgressLine.all(live.activities().stream().map(this::progress).toList(), room);
    List<String> lines =
        new ArrayList<>(Wrapped.lines(CurrentState.of(live, clock.instant()), room));
    lines.set(0, stamp(clock.instant()) + lines.get(0));
    List<String> ends = ends(room);
    // of a low window the last line is the cursor's
    int left = size.rows() - 1 - lines.size() - ends.size();
    if (steps.stream().mapToInt(List::size).sum() > left) {
      steps.replaceAll(step -> step.subList(0, 1));
    }
    steps.forEach(lines::addAll);
    lines.addAll(ends);
    for (int i = 1; i < lines.size(); i++) {
      lines.set(i, size.cut(INDENT + lines.get(i)));
    }
    lines.set(0, size.cut(lines.get(0)));
    int most = Math.max(2, size.rows() - 1);
    redrawn.draw(lines.size() > most ? lines.subList(0, most) : lines, screen.colours()::strong);
  }

  private List<String> ends(int room) {
    List<String> lines = new ArrayList<>();
    for (StepEnds.How how : StepEnds.How.values()) {
      List<String> names =
          ended.entrySet().stream()
              .filter(step -> step.getValue() == how)
              .map(step -> Step.wordsFor(step.getKey()) + at(step.getKey(), how))
              .toList();
      if (!names.isEmpty()) {
        lines.addAll(Wrapped.lines(how.word() + ": " + String.join("; ", names), room));
      }
    }
    return lines;
  }

  private void append(LiveMigration live, boolean next) {
    String noted = CurrentState.waitsFor(live, clock.instant());
    if (next || !note.equals(noted)) {
      line(stamp(clock.instant()), CurrentState.of(live, clock.instant()), Tone.PLAIN);
      note = noted;
      plainAt = clock.instant();
    }
    if (!clock.instant().isBefore(plainAt.plus(PLAIN_EVERY))) {
      plainAt = clock.instant();
      for (ActivityProgress activity : live.activities()) {
        line(stamp(clock.instant()), live.phase() + "  " + progress(activity).plain(), Tone.PLAIN);
      }
    }
  }

  private ProgressLine progress(ActivityProgress activity) {
    return new ProgressLine(activity, rates.perSecond(activity.activity()), clock.instant());
  }

  private void line(String stamp, String text, Tone tone) {
    List<String> lines =
        screen.redraws() ? Wrapped.lines(text, screen.columns() - INDENT.length()) : List.of(text);
    String before = stamp;
    for (String line : lines) {
      out.println(before + tone.paint(line, screen.colours()));
      before = INDENT;
    }
  }

  /** How a line sounds. */
  enum Tone {
    PLAIN,
    WARNING,
    BAD;

    String paint(String text, Colours colours) {
      return switch (this) {
        case PLAIN -> text;
        case WARNING -> colours.warning(text);
        case BAD -> colours.bad(text);
      };
    }
  }

  /**
   * The time between the beginning of the migration and a moment; nothing where the first look
   * finds what happened at a moment that is not on record.
   */
  private String stamp(@Nullable Instant at) {
    if (at == null && phase == null) {
      return INDENT;
    }
    Instant moment = at == null ? clock.instant() : at;
    long seconds = Math.max(0, Duration.between(began, moment).toSeconds());
    return "%02d:%02d  ".formatted(seconds / 60, seconds % 60);
  }
}
