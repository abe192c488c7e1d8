package com.matih.tenantmigration.starter;

import com.google.protobuf.Timestamp;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.Progress;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.PendingWorkflowTaskState;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflow.v1.PendingWorkflowTaskInfo;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Temporal's description of a workflow what is being done, and by whom if by anybody.
 */
final class RunningWork {

  /** A task that nobody has taken for so long has probably nobody to take it. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** The workflow's start, and the task that it waits for. */
  private static final int EVENTS_OF_A_START = 2;

  private final DescribeWorkflowExecutionResponse description;
  private final DataConverter converter;

  RunningWork(DescribeWorkflowExecutionResponse description, DataConverter converter) {
    this.description = description;
    this.converter = converter;
  }

  /**
   * The activities that run or wait for their next try, the longest-running first; not the one that
   * puts a wish on record, unless the control plane does not take it.
   */
  List<ActivityProgress> activities() {
    return description.getPendingActivitiesList().stream()
        .sorted(Comparator.comparing(activity -> instant(activity.getScheduledTime())))
        .map(this::progress)
        .filter(activity -> !isRecord(activity) || activity.lastFailure() != null)
        .toList();
  }

  private static boolean isRecord(ActivityProgress activity) {
    return activity.activity().equals(Step.RECORD_PROGRESS.activity());
  }

  private ActivityProgress progress(PendingActivityInfo activity) {
    ActivityProgress progress =
        new ActivityProgress(
            activity.getActivityType().getName(),
            activity.getAttempt(),
            activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
            heartbeat(activity),
            activity.hasLastFailure() ? message(activity.getLastFailure()) : null);
    if (activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED) {
      return progress.dueAt(due(activity));
    }
    return activity.hasLastStartedTime()
        ? progress.startedAt(instant(activity.getLastStartedTime()))
        : progress;
  }

  /** The message that was meant; payload encryption puts another in its place. */
  private @Nullable String message(Failure failure) {
    if (!failure.hasEncodedAttributes()) {
      return failure.getMessage();
    }
    RuntimeException decoded = converter.failureToException(failure);
    return decoded instanceof TemporalFailure meant
        ? meant.getOriginalMessage()
        : decoded.getMessage();
  }

  /** Servers that know when the next try is due say so beside the time of the schedule. */
  private static Instant due(PendingActivityInfo activity) {
    return activity.hasNextAttemptScheduleTime()
        ? instant(activity.getNextAttemptScheduleTime())
        : instant(activity.getScheduledTime());
  }

  private @Nullable Progress heartbeat(PendingActivityInfo activity) {
    if (!activity.hasHeartbeatDetails()) {
      return null;
    }
    try {
      return converter.fromPayloads(
          0, Optional.of(activity.getHeartbeatDetails()), Progress.class, Progress.class);
    } catch (DataConverterException e) {
      // another version's heartbeat: that it lives is all it tells
      return null;
    }
  }

  /**
   * Whether a task waits for a worker for longer than one would let it. Bulk work tells nothing: it
   * may wait for its turn behind that of other tenants.
   */
  boolean looksAbandoned(Instant now) {
    return waitsForAWorker(now, SILENCE);
  }

  /** The same for a silence of that length. */
  boolean waitsForAWorker(Instant now, Duration silence) {
    PendingWorkflowTaskInfo decision = description.getPendingWorkflowTask();
    boolean decisionWaits =
        description.hasPendingWorkflowTask()
            && decision.getState() == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
            && isOlder(decision.getScheduledTime(), now, silence);
    return decisionWaits
        || isUntouched(now, silence)
        || description.getPendingActivitiesList().stream()
            .anyMatch(
                activity ->
                    activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
                        && activity.getAttempt() <= 1
                        && !isBulk(activity)
                        && isOlder(activity.getScheduledTime(), now, silence));
  }

  /**
   * Whether nothing has happened since the start, and nothing is pending: the in-memory server
   * gives a task to the last poll of a worker that has ended, and then knows no more of it.
   */
  private boolean isUntouched(Instant now, Duration silence) {
    WorkflowExecutionInfo info = description.getWorkflowExecutionInfo();
    return !description.hasPendingWorkflowTask()
        && description.getPendingActivitiesCount() == 0
        && info.getHistoryLength() > 0
        && info.getHistoryLength() <= EVENTS_OF_A_START
        && isOlder(info.getStartTime(), now, silence);
  }

  /** What holds the work up, in a sentence: nobody takes it, or the stores that are asked. */
  String waitsFor(Instant now) {
    if (looksAbandoned(now)) {
      return "No worker is polling task queue %s.".formatted(TemporalNames.TASK_QUEUE);
    }
    String steps =
        activities().stream()
            .map(
                activity ->
                    Step.ofActivity(activity.activity())
                            .map(Step::summary)
                            .orElse(activity.activity())
                        + (activity.lastFailure() == null
                            ? ""
                            : " (before: %s)".formatted(activity.lastFailure())))
            .collect(Collectors.joining("; "));
    return steps.isEmpty()
        ? "A worker is working on it."
        : "A worker is working on it. Not answered yet: " + steps;
  }

  private static boolean isBulk(PendingActivityInfo activity) {
    return Step.ofActivity(activity.getActivityType().getName()).filter(Step::isBulk).isPresent();
  }

  private static boolean isOlder(Timestamp since, Instant now, Duration silence) {
    return since.getSeconds() > 0 && instant(since).plus(silence).isBefore(now);
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
