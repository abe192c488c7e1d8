package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StepTiming.End;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When the steps of the copy and the checks began and ended, for the report's timeline. */
final class StepTimes {

  private final List<StepTiming> timings = new ArrayList<>();

  /** Does a step's work and notes when it began and when it ended, well or not. */
  void take(Phase phase, Step step, Runnable work) {
    int at = timings.size();
    timings.add(new StepTiming(phase, step.activity(), now(), null, null));
    // no finally: a workflow that leaves the worker's memory ends its threads by an error
    try {
      work.run();
    } catch (TemporalFailure e) {
      boolean stopped =
          Failures.isCancellation(e) || CancellationScope.current().isCancelRequested();
      finished(at, stopped ? End.STOPPED : End.FAILED);
      throw e;
    }
    finished(at, End.DONE);
  }

  private void finished(int at, End end) {
    StepTiming begun = timings.get(at);
    timings.set(at, new StepTiming(begun.phase(), begun.step(), begun.startedAt(), now(), end));
  }

  List<StepTiming> all() {
    return List.copyOf(timings);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
