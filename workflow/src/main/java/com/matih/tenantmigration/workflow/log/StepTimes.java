package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StepTiming.End;
import com.matih.tenantmigration.workflow.temporal.Failures;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When the steps of the copy and the checks began and ended, for the report's timeline. Of a step
 * that pauses have stopped often it keeps the first and the last times.
 */
final class StepTimes {

  private static final int KEPT_AT_EACH_END = 10;

  private final List<StepTiming> timings = new ArrayList<>();

  /** Does a step's work and notes when it began and when it ended, well or not. */
  void take(Phase phase, Step step, Runnable work) {
    StepTiming begun = new StepTiming(phase, step.activity(), now(), null, null);
    timings.add(begun);
    // no finally: a workflow that leaves the worker's memory ends its threads by an error
    try {
      work.run();
    } catch (TemporalFailure e) {
      boolean stopped =
          Failures.isCancellation(e) || CancellationScope.current().isCancelRequested();
      finished(begun, stopped ? End.STOPPED : End.FAILED);
      throw e;
    }
    finished(begun, End.DONE);
  }

  private void finished(StepTiming begun, End end) {
    timings.set(
        timings.indexOf(begun),
        new StepTiming(begun.phase(), begun.step(), begun.startedAt(), now(), end));
    List<StepTiming> stopped =
        timings.stream()
            .filter(timing -> timing.step().equals(begun.step()) && timing.end() == End.STOPPED)
            .toList();
    if (stopped.size() > 2 * KEPT_AT_EACH_END) {
      timings.remove(stopped.get(KEPT_AT_EACH_END));
    }
  }

  List<StepTiming> all() {
    return List.copyOf(timings);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
