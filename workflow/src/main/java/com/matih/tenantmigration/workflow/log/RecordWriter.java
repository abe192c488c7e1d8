package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
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
 * still tells what happens.
 */
final class RecordWriter {

  private static final Duration START_TO_CLOSE = Duration.ofSeconds(20);

  /**
   * How long a write may hold its workflow task: below the time after which a task that still runs
   * has to be renewed, which costs the history three events each time.
   */
  private static final Duration WITHIN_TASK = Duration.ofSeconds(5);

  private static final RetryOptions WITHOUT_END =
      RetryOptions.newBuilder().setMaximumInterval(Duration.ofSeconds(10)).build();

  private final MigrationContext context;
  private final Supplier<Phase> phase;
  private final Supplier<MigrationReport> report;
  private final WorkflowLock turn = Workflow.newWorkflowLock();
  private final List<Entry> unwritten = new ArrayList<>();
  private final Map<String, Integer> noted = new HashMap<>();
  private final List<Promise<Void>> writing = new ArrayList<>();
  private boolean entriesApart;

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
   * Does as this version does. Asked once, where the workflow begins: where an earlier release
   * began it, the question lets other threads of the workflow go first, and a signal's handler must
   * not be overtaken by what the signal sets free.
   */
  void followVersion() {
    entriesApart = WorkflowChange.ENTRIES_APART.applies();
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
    unwritten.add(entry(event, subject, result, details));
  }

  private Entry entry(String event, String subject, String result, Map<String, String> details) {
    String about = subject.isEmpty() ? event : event + "/" + subject;
    int times = noted.merge(about, 1, Integer::sum);
    return new Entry(about + "/" + times, phase.get(), event, result, details);
  }

  /**
   * Writes, and waits until the control plane has it: within the workflow task, which costs the
   * history one marker, and where the control plane does not answer soon, by an activity.
   */
  void write() {
    inTurn(
        () -> {
          List<Entry> batch = takeUnwritten();
          try {
            withinTask().record(context, phase.get(), report.get(), batch);
          } catch (ActivityFailure e) {
            if (Failures.saysEnded(e)) {
              throw e;
            }
            apart().record(context, phase.get(), report.get(), batch);
          }
        });
  }

  /**
   * Writes where the control plane answers soon, and else leaves it to a later write: for what must
   * not be held up.
   */
  void writeIfPossible() {
    Workflow.newDetachedCancellationScope(
            () -> {
              if (turn.tryLock()) {
                try {
                  writeOrKeep();
                } finally {
                  turn.unlock();
                }
              }
            })
        .run();
  }

  private void writeOrKeep() {
    List<Entry> batch = takeUnwritten();
    try {
      withinTask().record(context, phase.get(), report.get(), batch);
    } catch (ActivityFailure e) {
      unwritten.addAll(0, batch);
      if (Failures.saysEnded(e)) {
        throw e;
      }
    }
  }

  /**
   * Writes one entry by an activity of its own, and then everything; nobody waits for it but {@link
   * #awaitWritten}, so that who asked is answered also while the control plane is gone. What the
   * same workflow task decided, such as to stop the copies, goes out at once; a write within the
   * task would keep it back until it has ended. The entry is sent without the report, which would
   * stay in the history.
   */
  void writeApart(String event, String result, Map<String, String> details) {
    if (entriesApart) {
      Entry entry = entry(event, "", result, details);
      writing.removeIf(Promise::isCompleted);
      writing.add(Async.procedure(() -> writeFirst(entry)));
    } else {
      note(event, "", result, details);
      inTurn(() -> apart().record(context, phase.get(), report.get(), takeUnwritten()));
    }
  }

  private void writeFirst(Entry entry) {
    Workflow.newDetachedCancellationScope(
            () -> apart().recordEntries(context.migrationId(), context.tenant(), List.of(entry)))
        .run();
    write();
  }

  /**
   * Has the activities read the shared side as gently as the throttle says when its turn comes;
   * waits until the control plane has it.
   */
  void keepThrottle(Supplier<ThrottleSpec> throttle) {
    inTurn(() -> apart(Step.KEEP_THROTTLE).keepThrottle(context, throttle.get()));
  }

  /** Waits until everything that was written apart has been written. */
  void awaitWritten() {
    Workflow.await(() -> writing.stream().allMatch(Promise::isCompleted));
  }

  private List<Entry> takeUnwritten() {
    List<Entry> batch = List.copyOf(unwritten);
    unwritten.clear();
    return batch;
  }

  private RecordActivities withinTask() {
    return Workflow.newLocalActivityStub(
        RecordActivities.class,
        LocalActivityOptions.newBuilder()
            .setScheduleToCloseTimeout(WITHIN_TASK)
            .setRetryOptions(WITHOUT_END)
            .setDoNotIncludeArgumentsIntoMarker(true)
            .setSummary(summary(Step.RECORD_PROGRESS))
            .build());
  }

  private RecordActivities apart() {
    return apart(Step.RECORD_PROGRESS);
  }

  private RecordActivities apart(Step step) {
    return Workflow.newActivityStub(
        RecordActivities.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(START_TO_CLOSE)
            .setRetryOptions(WITHOUT_END)
            .setSummary(summary(step))
            .build());
  }

  private String summary(Step step) {
    return "%s: %s".formatted(phase.get(), step.words());
  }

  private void inTurn(Runnable write) {
    Workflow.newDetachedCancellationScope(
            () -> {
              turn.lock();
              try {
                write.run();
              } finally {
                turn.unlock();
              }
            })
        .run();
  }
}
