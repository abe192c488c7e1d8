package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.ActivityProgress;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of one phase that were seen running: how fast each is, and which have ended. */
final class RunningSteps {

  private final Map<String, Seen> seen = new LinkedHashMap<>();

  /** Takes what runs now. */
  void take(List<ActivityProgress> now, long nanos) {
    seen.values().forEach(step -> step.runs = false);
    for (ActivityProgress activity : now) {
      seen.computeIfAbsent(activity.activity(), name -> new Seen()).take(activity, nanos);
    }
  }

  /** Units a second, smoothed over some looks; 0 where that is not known yet. */
  double perSecond(String activity) {
    Seen step = seen.get(activity);
    return step == null ? 0 : step.perSecond;
  }

  /** The steps that ran before and do so no more, in words. */
  List<String> ended() {
    List<String> names = new ArrayList<>();
    seen.forEach(
        (activity, step) -> {
          if (!step.runs) {
            names.add(Step.wordsFor(activity));
          }
        });
    return names;
  }

  void clear() {
    seen.clear();
  }

  private static final class Seen {
    private static final double WEIGHT = 0.4;
    private boolean runs;
    private long at;
    private double perSecond;
    private @Nullable Progress last;

    void take(ActivityProgress activity, long now) {
      runs = true;
      Progress progress = activity.progress();
      if (progress == null) {
        return;
      }
      if (last != null && progress.done() >= last.done() && now > at) {
        double latest = (progress.done() - last.done()) * 1e9 / (now - at);
        perSecond = perSecond == 0 ? latest : WEIGHT * latest + (1 - WEIGHT) * perSecond;
      } else {
        perSecond = 0;
      }
      last = progress;
      at = now;
    }
  }
}
