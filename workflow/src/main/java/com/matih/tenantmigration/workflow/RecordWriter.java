package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Takes entries of the audit trail, and hands them together with the report to the control plane.
 *
 * <p>One writes after the other, and each what is known when its turn comes, so that an older
 * report never replaces a newer one. It is done in a detached scope, so that a cancelled migration
 * goes on telling what happens, and tried until the control plane has it.
 */
final class RecordWriter {

  private static final Duration START_TO_CLOSE = Duration.ofSeconds(20);
  private static final RetryOptions WITHOUT_END =
      RetryOptions.newBuilder().setMaximumInterval(Duration.ofSeconds(10)).build();

  private final MigrationContext context;
  private final Supplier<Phase> phase;
  private final Supplier<MigrationReport> report;
  private final WorkflowLock turn = Workflow.newWorkflowLock();
  private final List<Entry> unwritten = new ArrayList<>();
  private final Map<String, Integer> noted = new HashMap<>();

  /**
   * @param phase tells the phase when it is asked
   * @param report makes the report as it is when it is asked
   */
  RecordWriter(MigrationContext context, Supplier<Phase> phase, Supplier<MigrationReport> report) {
    this.context = context;
    this.phase = phase;
    this.report = report;
  }

  /**
   * Takes an entry, for the next write.
   *
   * <p>Its key says what it is about and how often that was noted before, not where it stands among
   * the others: a workflow task that Temporal has decided anew may see a signal before what it
   * wrote the last time, and must find that again under the same keys.
   *
   * @param subject what the event is about, as far as there can be several: a phase, a check
   */
  void note(String event, String subject, String result, Map<String, String> details) {
    String about = subject.isEmpty() ? event : event + "/" + subject;
    int times = noted.merge(about, 1, Integer::sum);
    unwritten.add(new Entry(about + "/" + times, phase.get(), event, result, details));
  }

  /** Writes within the workflow task, which costs the history one marker. */
  void write() {
    write(
        Workflow.newLocalActivityStub(
            RecordActivities.class,
            LocalActivityOptions.newBuilder()
                .setStartToCloseTimeout(START_TO_CLOSE)
                .setRetryOptions(WITHOUT_END)
                .setDoNotIncludeArgumentsIntoMarker(true)
                .setSummary(summary())
                .build()));
  }

  /**
   * Writes by an activity of its own. What the same workflow task decided, such as to stop the
   * copies, goes out at once; a local activity would keep it back until it has ended.
   */
  void writeApart() {
    write(
        Workflow.newActivityStub(
            RecordActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(START_TO_CLOSE)
                .setRetryOptions(WITHOUT_END)
                .setSummary(summary())
                .build()));
  }

  private String summary() {
    return "%s: %s".formatted(phase.get(), Step.RECORD_PROGRESS.words());
  }

  private void write(RecordActivities controlPlane) {
    Workflow.newDetachedCancellationScope(
            () -> {
              turn.lock();
              try {
                List<Entry> batch = List.copyOf(unwritten);
                unwritten.clear();
                controlPlane.record(context, phase.get(), report.get(), batch);
              } finally {
                turn.unlock();
              }
            })
        .run();
  }
}
