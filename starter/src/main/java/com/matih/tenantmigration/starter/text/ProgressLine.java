package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One step's progress: how far it is, how fast, how long yet and since when, in one line; what it
 * works on or waits for, and why it is tried again, behind that or below.
 */
final class ProgressLine {

  private static final int BAR = 16;
  private static final int LAST_LAYOUT = 4;
  private static final String BELOW = "  ";

  /** A failure's message may be long; the report has all of it. */
  private static final int LONGEST_REMARK = 400;

  private final ActivityProgress activity;
  private final double perSecond;
  private final Instant now;

  /**
   * @param perSecond how many units a second, or 0 where that is not known yet
   */
  ProgressLine(ActivityProgress activity, double perSecond, Instant now) {
    this.activity = activity;
    this.perSecond = perSecond;
    this.now = now;
  }

  /** All of it in one line, however long, for a file or a pipe. */
  String plain() {
    return oneLine(name() + amount(false) + speed() + time() + behind());
  }

  /**
   * The lines of each step for a terminal, all laid out the same way. Where it is narrow, the bar
   * goes first, then the columns of the names, the stores, and the times; the numbers stay, if need
   * be in two lines.
   *
   * @param room how many characters a line may have
   */
  static List<List<String>> all(List<ProgressLine> steps, int room) {
    int layout = 0;
    List<String> heads = heads(steps, layout);
    while (layout < LAST_LAYOUT && heads.stream().anyMatch(head -> head.length() > room)) {
      layout++;
      heads = heads(steps, layout);
    }
    List<List<String>> all = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      all.add(steps.get(step).lines(heads.get(step), room));
    }
    return all;
  }

  private static List<String> heads(List<ProgressLine> steps, int layout) {
    List<String> names = steps.stream().map(step -> step.name(layout)).toList();
    int longest =
        layout == LAST_LAYOUT ? 0 : names.stream().mapToInt(String::length).max().orElse(0);
    List<String> heads = new ArrayList<>();
    for (int at = 0; at < names.size(); at++) {
      ProgressLine step = steps.get(at);
      String name = names.get(at) + " ".repeat(Math.max(0, longest - names.get(at).length()));
      String numbers = step.amount(layout == 0) + step.speed();
      heads.add(oneLine(name + numbers + (layout < LAST_LAYOUT ? step.time() : "")));
    }
    return heads;
  }

  private String name(int layout) {
    return switch (layout) {
      case 0, 1 -> name();
      case 2 -> Step.ofActivity(activity.activity()).map(Step::summary).orElse(words());
      default -> words();
    };
  }

  private List<String> lines(String head, int room) {
    if (head.length() + behind().length() <= room) {
      return List.of(oneLine(head + behind()));
    }
    List<String> lines = new ArrayList<>();
    if (head.length() <= room) {
      lines.add(head);
    } else {
      lines.add(oneLine(words() + amount(false)));
      lines.add(BELOW + oneLine(speed()).strip());
    }
    for (String remark : remarks()) {
      // what only says the step's name again is not worth a line
      if (!remark.replaceFirst("ing\\b", "").equals(words())) {
        Wrapped.lines(oneLine(remark), Math.max(1, room - BELOW.length()))
            .forEach(line -> lines.add(BELOW + line));
      }
    }
    return lines;
  }

  private String words() {
    return Step.wordsFor(activity.activity());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").stripTrailing();
  }

  /** The step's name in columns. */
  private String name() {
    return Step.ofActivity(activity.activity())
        .map(step -> "%-9s  %-24s".formatted(step.store().words(), step.words()))
        .orElse("%-35s".formatted(activity.activity()));
  }

  private String amount(boolean bar) {
    Progress progress = activity.progress();
    if (progress == null || progress.unit().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(" ");
    if (bar) {
      text.append(bar(progress)).append(' ');
    }
    if (progress.total() > 0) {
      text.append("%3d%% ".formatted(Math.min(100, progress.done() * 100 / progress.total())));
    }
    text.append(Units.amount(progress.done(), progress.unit()));
    if (progress.total() >= 0) {
      text.append('/').append(Units.amount(progress.total(), progress.unit()));
    }
    return text.append(unit(progress)).toString();
  }

  /** {@code 50 of 100 rows}; empty where the step does not count. */
  static String reached(Progress progress) {
    if (progress.unit().isEmpty()) {
      return "";
    }
    String total =
        progress.total() >= 0 ? " of " + Units.amount(progress.total(), progress.unit()) : "";
    return Units.amount(progress.done(), progress.unit()) + total + unit(progress);
  }

  private static String unit(Progress progress) {
    return progress.unit().equals("bytes") ? "" : " " + progress.unit();
  }

  private String speed() {
    Progress progress = activity.progress();
    if (progress == null || progress.unit().isEmpty() || perSecond < 1) {
      return "";
    }
    String rate =
        "  %s%s/s".formatted(Units.amount(Math.round(perSecond), progress.unit()), unit(progress));
    long left = progress.total() - progress.done();
    return left > 0 && progress.total() > 0
        ? rate + "  %s left".formatted(clock(Duration.ofSeconds(Math.round(left / perSecond))))
        : rate;
  }

  /** Since when it runs, or what it waits for where no worker is at it. */
  private String time() {
    if (activity.since() != null) {
      return "  since %s, for %s".formatted(Moment.of(activity.since()), until(activity.since()));
    }
    if (activity.startedAt() != null) {
      return "  for " + until(activity.startedAt());
    }
    Instant due = activity.dueAt();
    if (due == null) {
      return "";
    }
    if (due.isAfter(now)) {
      return "  next try in " + clock(Duration.between(now, due));
    }
    return "  waiting for a worker for " + until(due);
  }

  private String until(Instant begun) {
    return clock(Duration.between(begun, now));
  }

  private String behind() {
    return remarks().stream().map(remark -> "  " + remark).collect(Collectors.joining());
  }

  /** What it works on or waits for, and why it is tried again. */
  private List<String> remarks() {
    Progress progress = activity.progress();
    Lag lag = progress == null ? null : progress.lag();
    String behind = lag == null ? "" : "%.1f s behind".formatted(lag.seconds());
    String doing =
        progress == null || progress.doing().equals(activity.activity()) ? "" : progress.doing();
    return Stream.of(behind, doing, tried()).filter(remark -> !remark.isEmpty()).toList();
  }

  private String tried() {
    if (activity.attempt() <= 1) {
      return "";
    }
    String failure = activity.lastFailure();
    String tried = "try %d".formatted(activity.attempt());
    if (failure == null) {
      return tried;
    }
    return tried
        + " after: "
        + (failure.length() > LONGEST_REMARK
            ? failure.substring(0, LONGEST_REMARK) + "…"
            : failure);
  }

  /**
   * A time to the second, as one reads it off a clock: {@code 5 s}, {@code 3:05}, {@code 1:02:03}.
   */
  static String clock(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds % 3600 / 60, seconds % 60);
  }

  private static String bar(Progress progress) {
    if (progress.total() <= 0) {
      return "[" + " ".repeat(BAR) + "]";
    }
    int filled = (int) Math.min(BAR, progress.done() * BAR / progress.total());
    return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
  }
}
