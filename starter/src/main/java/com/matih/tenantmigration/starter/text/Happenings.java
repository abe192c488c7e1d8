package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.report.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happened between two looks at a migration, each thing told once. */
final class Happenings {

  private final StepEnds steps = new StepEnds();
  private boolean looked;
  private int toldWishes;
  private int toldPhases;
  private int toldUndone;

  /**
   * What is new.
   *
   * @param wishes what operators asked for
   * @param steps which steps ended
   * @param phases which phases ended, and what was undone
   */
  record News(List<String> wishes, List<StepEnds.Ended> steps, List<String> phases) {}

  /** The news since the last look; of what was before the first one, only the phases. */
  News since(LiveMigration live) {
    MigrationReport report = live.report();
    List<String> wishes = report == null ? List.of() : wishes(report);
    News news = new News(wishes, steps.take(live), report == null ? List.of() : phases(report));
    looked = true;
    return news;
  }

  private List<String> wishes(MigrationReport report) {
    List<Wish> fresh =
        report
            .wishes()
            .subList(Math.min(toldWishes, report.wishes().size()), report.wishes().size());
    toldWishes = report.wishes().size();
    return looked
        ? fresh.stream().map(wish -> wish.phase() + "  " + Wishes.told(wish)).toList()
        : List.of();
  }

  /** The phases that ended, also those that were too short to be seen. */
  private List<String> phases(MigrationReport report) {
    List<String> lines = new ArrayList<>();
    List<PhaseTiming> all = report.phases();
    for (int i = toldPhases; i < all.size(); i++) {
      PhaseTiming timing = all.get(i);
      if (timing.phase() == Phase.ROLLING_BACK) {
        lines.addAll(undone(report));
      }
      if (timing.finishedAt() == null) {
        break;
      }
      toldPhases++;
      if (!isLast(timing.phase())) {
        lines.add(ended(timing, timing.finishedAt(), report.failure(), report.cancelled()));
      }
    }
    return lines;
  }

  private List<String> undone(MigrationReport report) {
    List<RollbackStep> fresh =
        report
            .rollback()
            .subList(Math.min(toldUndone, report.rollback().size()), report.rollback().size());
    toldUndone = report.rollback().size();
    return fresh.stream()
        .map(
            step ->
                "%s  %s %s: %s"
                    .formatted(
                        Phase.ROLLING_BACK,
                        step.step(),
                        step.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        step.message().replaceAll("\\p{Cntrl}+", " ")))
        .toList();
  }

  private static String ended(
      PhaseTiming timing, Instant finishedAt, @Nullable Failure failure, boolean cancelled) {
    String took = Units.duration(Duration.between(timing.startedAt(), finishedAt));
    return failure != null && failure.phase() == timing.phase()
        ? "%s %s after %s: %s"
            .formatted(
                timing.phase(),
                cancelled ? "cancelled" : "failed",
                took,
                failure.message().replaceAll("\\p{Cntrl}+", " "))
        : "%s ended after %s".formatted(timing.phase(), took);
  }

  /** Whether the phase is how a migration ends, and not one that passes. */
  static boolean isLast(Phase phase) {
    return switch (phase) {
      case COMPLETED, REFUSED, ROLLED_BACK, ROLLBACK_INCOMPLETE -> true;
      case PREFLIGHT,
          PROVISION,
          AWAITING_APPROVAL,
          FENCE,
          SNAPSHOT,
          COPY,
          WARM,
          VERIFY,
          CUTOVER,
          ROLLING_BACK ->
          false;
    };
  }

  /** A step's end in one line. */
  static String told(StepEnds.Ended ended) {
    String name = Step.ofActivity(ended.activity()).map(Step::summary).orElse(ended.activity());
    return "%s  %s %s".formatted(ended.phase(), name, ended.how().word());
  }
}
