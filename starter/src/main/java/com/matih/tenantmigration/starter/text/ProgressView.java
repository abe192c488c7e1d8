package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.Units;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a running migration: redrawn in place on a terminal, else a line where something changed
 * and one every five seconds for each step.
 */
public final class ProgressView {

  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final Screen screen;
  private final Clock clock;
  private final Instant startedAt;
  private final RunningSteps steps = new RunningSteps();
  private @Nullable Phase phase;
  private String note = "";
  private int toldPhases;
  private int toldEnds;
  private int drawn;
  private Instant plainAt = Instant.MIN;

  public ProgressView(PrintWriter out, Screen screen) {
    this(out, screen, Clock.systemUTC());
  }

  ProgressView(PrintWriter out, Screen screen, Clock clock) {
    this.out = out;
    this.screen = screen;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** Shows where the migration stands now. */
  public void show(LiveMigration live) {
    boolean next = phase != live.phase();
    if (next) {
      steps.clear();
      toldEnds = 0;
    }
    steps.take(live.activities(), nanos());
    if (screen.redraws()) {
      redraw(live);
    } else {
      append(live, next);
    }
    phase = live.phase();
    out.flush();
  }

  private void redraw(LiveMigration live) {
    erase();
    endedPhases(live).forEach(out::println);
    List<String> lines = new ArrayList<>();
    lines.add(stamp() + live.phase() + fence(live) + suffix(live));
    for (ActivityProgress activity : live.activities()) {
      lines.add("       " + line(activity, true));
    }
    List<String> ended = steps.ended();
    if (!ended.isEmpty()) {
      lines.add("       ended: " + String.join(", ", ended));
    }
    lines.forEach(line -> out.println(screen.cut(line)));
    drawn = lines.size();
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private void append(LiveMigration live, boolean next) {
    endedPhases(live).forEach(out::println);
    String nowNote = suffix(live);
    if (next || !note.equals(nowNote)) {
      out.println(stamp() + live.phase() + fence(live) + nowNote);
      note = nowNote;
      plainAt = clock.instant();
    }
    List<String> ended = steps.ended();
    ended.stream()
        .skip(Math.min(toldEnds, ended.size()))
        .forEach(step -> out.println(stamp() + live.phase() + "  ended: " + step));
    toldEnds = ended.size();
    if (!clock.instant().isBefore(plainAt.plus(PLAIN_EVERY))) {
      plainAt = clock.instant();
      for (ActivityProgress activity : live.activities()) {
        out.println(stamp() + live.phase() + "  " + line(activity, false));
      }
    }
  }

  private String line(ActivityProgress activity, boolean bar) {
    return ProgressLine.of(activity, steps.perSecond(activity.activity()), bar);
  }

  /** The phases that ended since the last look, also those that were too short to be seen. */
  private List<String> endedPhases(LiveMigration live) {
    MigrationReport report = live.report();
    if (report == null) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    for (PhaseTiming timing :
        report
            .phases()
            .subList(Math.min(toldPhases, report.phases().size()), report.phases().size())) {
      if (timing.finishedAt() != null) {
        toldPhases++;
        lines.add(
            stamp()
                + "%s ended after %s"
                    .formatted(
                        timing.phase(),
                        Units.duration(Duration.between(timing.startedAt(), timing.finishedAt()))));
      }
    }
    return lines;
  }

  /** How long the tenant has not been able to write, while it is not. */
  private String fence(LiveMigration live) {
    MigrationReport report = live.report();
    if (report == null || report.writableAt() != null) {
      return "";
    }
    return fencedAt(report)
        .map(
            since ->
                "  tenant read-only for "
                    + ProgressLine.clock(Duration.between(since, clock.instant())))
        .orElse("");
  }

  private static Optional<Instant> fencedAt(MigrationReport report) {
    Instant known = report.fencedAt();
    return known != null
        ? Optional.of(known)
        // it is on record with the phase that follows
        : report.phases().stream()
            .filter(timing -> timing.phase() == Phase.FENCE)
            .map(PhaseTiming::startedAt)
            .findFirst();
  }

  private static String suffix(LiveMigration live) {
    if (live.workerSilent()) {
      return "  no worker takes the work: does one poll task queue %s?"
          .formatted(TemporalNames.TASK_QUEUE);
    }
    if (live.paused()) {
      return "  paused by an operator";
    }
    return live.awaitingApproval() ? "  waits for an approval" : "";
  }

  private String stamp() {
    long seconds = Duration.between(startedAt, clock.instant()).toSeconds();
    return "%02d:%02d  ".formatted(seconds / 60, seconds % 60);
  }

  private long nanos() {
    return Duration.between(startedAt, clock.instant()).toNanos();
  }
}
