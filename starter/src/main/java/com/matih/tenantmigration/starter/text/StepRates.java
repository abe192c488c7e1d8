package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How fast the running steps are, from what they said between two looks. */
final class StepRates {

  private final Map<String, Seen> seen = new HashMap<>();

  /** Takes what runs now. */
  void take(List<ActivityProgress> now, Instant at) {
    long nanos = TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    for (ActivityProgress activity : now) {
      seen.computeIfAbsent(activity.activity(), name -> new Seen()).take(activity, nanos);
    }
  }

  /** Units a second, smoothed over some looks; 0 where that is not known yet. */
  double perSecond(String activity) {
    Seen step = seen.get(activity);
    return step == null ? 0 : step.perSecond;
  }

  void clear() {
    seen.clear();
  }

  private static final class Seen {
    private static final double WEIGHT = 0.4;
    private long at;
    private double perSecond;
    private @Nullable Progress last;

    void take(ActivityProgress activity, long now) {
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
