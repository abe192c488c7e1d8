package com.matih.tenantmigration.workflow.temporal;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The stubs of an interface's activities, one for each kind of work. All heartbeat twice a second
 * and are waited for when they are cancelled, so that nothing is rolled back while its writer still
 * runs.
 */
public record Stubs<A>(Class<A> type) {

  /** How long a worker may be silent before its work is given to another. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);

  private static final Map<String, LocalActivityOptions> OF_MOMENTS =
      ofEachStep(step -> LocalActivityOptions.newBuilder().setSummary(step.summary()).build());

  public static <A> Stubs<A> of(Class<A> type) {
    return new Stubs<>(type);
  }

  /** A look that an operator waits for: a few tries, then the store counts as unreachable. */
  public A preflight() {
    return stub(options(Duration.ofMinutes(10), retries(3)));
  }

  /** What takes moments, and costs the history no more than a marker. */
  public A moment() {
    return Workflow.newLocalActivityStub(
        type,
        LocalActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(20))
            .setRetryOptions(retries(3))
            .setDoNotIncludeArgumentsIntoMarker(true)
            .build(),
        OF_MOMENTS);
  }

  /** A step that holds the tenant up: tried for some minutes, then the tenant comes back. */
  public A step() {
    return stub(options(Duration.ofMinutes(15), retries(10)));
  }

  /** Work that grows with the tenant: as long as it moves on, it may take a day. */
  public A bulk() {
    return stub(options(Duration.ofHours(24), retries(20)));
  }

  /**
   * What brings a tenant back or activates it: tried until it is done. A try that hangs and the
   * pause after it take less than a minute together, so that the tenant writes again within a
   * minute of the moment that the stores answer.
   */
  public A untilDone() {
    return stub(options(Duration.ofSeconds(40), retries(0, Duration.ofSeconds(10))));
  }

  /** Removing what the migration created: tried for some minutes, then a person is needed. */
  public A cleaning() {
    return stub(options(Duration.ofMinutes(15), retries(12)));
  }

  /** What can wait until readers of hours have ended, for nobody is held up by it. */
  public A forHours() {
    return stub(
        options(Duration.ofMinutes(15), retries(0, Duration.ofMinutes(1))).toBuilder()
            .setScheduleToCloseTimeout(Duration.ofHours(4))
            .build());
  }

  private A stub(ActivityOptions options) {
    String bulkTaskQueue = TemporalNames.bulkTaskQueue(Workflow.getInfo().getTaskQueue());
    return Workflow.newActivityStub(type, options, ofEachStep(step -> ofStep(step, bulkTaskQueue)));
  }

  /** What is particular to a step: its summary, and its task queue where it is bulk work. */
  private static ActivityOptions ofStep(Step step, String bulkTaskQueue) {
    ActivityOptions.Builder options = ActivityOptions.newBuilder().setSummary(step.summary());
    if (step.isBulk()) {
      options.setTaskQueue(bulkTaskQueue);
    }
    return options.build();
  }

  private static <O> Map<String, O> ofEachStep(Function<Step, O> options) {
    return Arrays.stream(Step.values()).collect(Collectors.toMap(Step::activity, options));
  }

  private static ActivityOptions options(Duration startToClose, RetryOptions retries) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(startToClose)
        .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
        .setRetryOptions(retries)
        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
        .build();
  }

  /** Retries with growing pauses of 1 to 30 seconds. */
  private static RetryOptions retries(int attempts) {
    return retries(attempts, Duration.ofSeconds(30));
  }

  /** {@code attempts} 0 means without end. */
  private static RetryOptions retries(int attempts, Duration longestPause) {
    return RetryOptions.newBuilder()
        .setInitialInterval(Duration.ofSeconds(1))
        .setBackoffCoefficient(2)
        .setMaximumInterval(longestPause)
        .setMaximumAttempts(attempts)
        .build();
  }
}
