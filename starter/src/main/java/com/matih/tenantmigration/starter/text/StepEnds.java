package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StepTiming;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each step once that it does not run any more, and why.
 *
 * <p>The record knows exactly how a step ended, but is written only now and then; meanwhile a step
 * that is no longer under way has probably done its work, unless somebody paused or cancelled the
 * migration or other steps are being stopped. Where that is not clear yet, the next look tells.
 */
final class StepEnds {

  private final Map<String, Integer> told = new HashMap<>();
  private final Map<String, Gone> unclear = new LinkedHashMap<>();
  private Map<String, ActivityProgress> running = Map.of();
  private @Nullable Phase phase;

  /** How a step came to its end, in the word that follows its name. */
  enum How {
    DONE("ended"),
    PAUSED("paused"),
    STOPPED("stopped"),
    FAILED("failed");

    private final String word;

    How(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * A step's end.
   *
   * @param at when; {@code null} where that is not on record yet
   */
  record Ended(Phase phase, String activity, How how, @Nullable Instant at) {}

  private record Gone(Phase phase, boolean stopping, boolean seenOnce) {}

  /** The ends since the last look; the first look tells of none. */
  List<Ended> take(LiveMigration live) {
    List<Ended> ends = new ArrayList<>();
    boolean first = phase == null;
    noteGone(live);
    onRecord(live.report(), ends);
    fromOutside(live, ends);
    phase = live.phase();
    return first ? List.of() : ends;
  }

  private void noteGone(LiveMigration live) {
    Map<String, ActivityProgress> now = new LinkedHashMap<>();
    live.activities().forEach(activity -> now.put(activity.activity(), activity));
    Phase before = phase;
    if (before != null && before != live.phase()) {
      // no step outlasts its phase, even where Temporal has not yet said so
      running.keySet().forEach(now::remove);
    }
    // on the way back the record tells of each step by itself
    if (before != null && before.compareTo(Phase.ROLLING_BACK) < 0) {
      running.forEach(
          (activity, last) -> {
            if (!now.containsKey(activity)) {
              unclear.put(activity, new Gone(before, last.stopping(), false));
            }
          });
    }
    running = now;
  }

  private void onRecord(@Nullable MigrationReport report, List<Ended> ends) {
    if (report == null) {
      return;
    }
    Map<String, Integer> onRecord = new HashMap<>();
    for (StepTiming timing : report.steps()) {
      if (timing.finishedAt() == null) {
        continue;
      }
      int number = onRecord.merge(timing.step(), 1, Integer::sum);
      if (number > told.getOrDefault(timing.step(), 0)) {
        told.put(timing.step(), number);
        unclear.remove(timing.step());
        How how = how(timing, report);
        // one that was paused and goes on again is shown running
        if (how != How.PAUSED || report.pause().isPresent()) {
          ends.add(new Ended(timing.phase(), timing.step(), how, timing.finishedAt()));
        }
      }
    }
  }

  static How how(StepTiming timing, MigrationReport report) {
    StepTiming.End end = timing.end() == null ? StepTiming.End.DONE : timing.end();
    return switch (end) {
      case DONE -> How.DONE;
      case FAILED -> How.FAILED;
      case STOPPED -> {
        boolean beganAgain =
            report.steps().stream()
                .anyMatch(
                    other ->
                        other.step().equals(timing.step())
                            && other.startedAt().isAfter(timing.startedAt()));
        yield beganAgain || report.pause().isPresent() ? How.PAUSED : How.STOPPED;
      }
    };
  }

  private void fromOutside(LiveMigration live, List<Ended> ends) {
    for (Iterator<Map.Entry<String, Gone>> all = unclear.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Gone> step = all.next();
      Gone gone = step.getValue();
      if (live.phase().compareTo(Phase.ROLLING_BACK) >= 0) {
        // no record of its own: the phase's end tells what failed
        all.remove();
        continue;
      }
      How how = how(gone, live);
      if (how == null) {
        step.setValue(new Gone(gone.phase(), gone.stopping(), true));
      } else {
        all.remove();
        told.merge(step.getKey(), 1, Integer::sum);
        ends.add(new Ended(gone.phase(), step.getKey(), how, null));
      }
    }
  }

  private static @Nullable How how(Gone gone, LiveMigration live) {
    if (gone.phase() != live.phase()) {
      return How.DONE;
    }
    if (live.paused()) {
      return How.PAUSED;
    }
    MigrationReport report = live.report();
    if (gone.stopping() || (report != null && report.cancel().isPresent())) {
      return How.STOPPED;
    }
    boolean othersStop = live.activities().stream().anyMatch(ActivityProgress::stopping);
    return othersStop || !gone.seenOnce() ? null : How.DONE;
  }
}
