package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.starter.text.ProgressView.Tone;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What happened between two looks at a migration, each thing told once. */
final class NewEvents {

  private final StepEnds steps = new StepEnds();
  private boolean looked;
  private int toldWishes;
  private int toldWarnings;
  private int toldPhases;
  private int toldUndone;

  /**
   * The news since the last look, in the order in which they happened as far as that is known; of
   * what was before the first look only the phases and what to mind.
   */
  List<Line> since(LiveMigration live) {
    List<StepEnds.Ended> ends = new ArrayList<>(steps.take(live));
    MigrationReport report = live.report();
    List<Line> lines = new ArrayList<>();
    if (report != null) {
      List<AcceptedCommand> wishes = new ArrayList<>(wishes(report));
      for (PhaseTiming timing : unfinished(report)) {
        take(wishes, timing.phase(), AcceptedCommand::phase)
            .forEach(wish -> lines.add(Line.of(wish)));
        take(ends, timing.phase(), StepEnds.Ended::phase).forEach(end -> lines.add(Line.of(end)));
        if (timing.phase() == Phase.ROLLING_BACK) {
          // the record does not say when
          lines.addAll(undone(report, looked ? null : timing.finishedAt()));
        }
        Instant finishedAt = timing.finishedAt();
        if (finishedAt != null) {
          toldPhases++;
          if (!isLast(timing.phase())) {
            lines.add(ended(timing, finishedAt, report));
          }
          warnings(report).forEach(warning -> lines.add(Line.of(warning, finishedAt)));
        }
      }
      wishes.forEach(wish -> lines.add(Line.of(wish)));
    }
    ends.forEach(end -> lines.add(Line.of(end)));
    looked = true;
    return lines;
  }

  /**
   * Something that happened.
   *
   * @param end the step's end that it is, or {@code null} where it is something else
   * @param at when; {@code null} where that is not on record
   * @param tone how it is told
   */
  record Line(String text, StepEnds.@Nullable Ended end, @Nullable Instant at, Tone tone) {

    static Line of(AcceptedCommand wish) {
      return new Line(
          wish.phase() + "  " + AcceptedCommands.told(wish), null, wish.at(), Tone.PLAIN);
    }

    static Line of(Warning warning, Instant at) {
      return new Line("Warning: " + ReportTables.warning(warning), null, at, Tone.WARNING);
    }

    static Line of(StepEnds.Ended end) {
      String name = Step.ofActivity(end.activity()).map(Step::summary).orElse(end.activity());
      return new Line(
          "%s  %s %s".formatted(end.phase(), name, end.how().word()),
          end,
          end.at(),
          end.how() == StepEnds.How.FAILED ? Tone.BAD : Tone.PLAIN);
    }
  }

  private static <T> List<T> take(List<T> from, Phase phase, Function<T, Phase> phaseOf) {
    List<T> taken = from.stream().filter(each -> phaseOf.apply(each) == phase).toList();
    from.removeAll(taken);
    return taken;
  }

  private List<AcceptedCommand> wishes(MigrationReport report) {
    List<AcceptedCommand> all = report.wishes();
    List<AcceptedCommand> fresh = all.subList(Math.min(toldWishes, all.size()), all.size());
    toldWishes = all.size();
    return looked ? fresh : List.of();
  }

  /** Those of a refused migration stand in its report, which comes at once. */
  private List<Warning> warnings(MigrationReport report) {
    List<Warning> all = report.refusals().isEmpty() ? report.warnings() : List.of();
    List<Warning> fresh = all.subList(Math.min(toldWarnings, all.size()), all.size());
    toldWarnings = all.size();
    return fresh;
  }

  /** The phases whose end is not told yet. */
  private List<PhaseTiming> unfinished(MigrationReport report) {
    List<PhaseTiming> all = report.phases();
    return all.subList(Math.min(toldPhases, all.size()), all.size());
  }

  private List<Line> undone(MigrationReport report, @Nullable Instant at) {
    List<RollbackStep> all = report.rollback();
    List<RollbackStep> fresh = all.subList(Math.min(toldUndone, all.size()), all.size());
    toldUndone = all.size();
    return fresh.stream()
        .map(
            step ->
                new Line(
                    "%s  %s %s: %s"
                        .formatted(
                            Phase.ROLLING_BACK,
                            step.step(),
                            step.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            step.message().replaceAll("\\p{Cntrl}+", " ")),
                    null,
                    at,
                    step.status() == RollbackStep.Status.FAILED ? Tone.BAD : Tone.PLAIN))
        .toList();
  }

  private static Line ended(PhaseTiming timing, Instant finishedAt, MigrationReport report) {
    String took = Units.duration(Duration.between(timing.startedAt(), finishedAt));
    Failure failure = report.failure();
    if (failure == null || failure.phase() != timing.phase()) {
      return new Line(
          "%s ended after %s".formatted(timing.phase(), took), null, finishedAt, Tone.PLAIN);
    }
    String how =
        "%s %s after %s: %s"
            .formatted(
                timing.phase(),
                report.cancelled() ? "cancelled" : "failed",
                took,
                failure.message().replaceAll("\\p{Cntrl}+", " "));
    return new Line(how, null, finishedAt, report.cancelled() ? Tone.WARNING : Tone.BAD);
  }

  /** Whether the phase is how a migration ends, and not one that passes. */
  static boolean isLast(Phase phase) {
    return switch (phase) {
      case COMPLETED, REFUSED, ROLLED_BACK, ROLLBACK_INCOMPLETE -> true;
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
          ROLLING_BACK ->
          false;
    };
  }
}
