package com.matih.tenantmigration.workflow.temporal;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
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
 *
 * @param storeTimeout how long a step may get nowhere
 */
public record Stubs<A>(Class<A> type, Duration storeTimeout) {

  /** How long a worker may be silent before its work is given to another. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Map<String, LocalActivityOptions> OF_MOMENTS =
      ofEachStep(step -> LocalActivityOptions.newBuilder().setSummary(step.summary()).build());

  public static <A> Stubs<A> of(Class<A> type, MigrationContext context) {
    return new Stubs<>(type, context.patience());
  }

  /** The stubs of activities that no tenant waits for read-only. */
  public static <A> Stubs<A> of(Class<A> type) {
    return new Stubs<>(type, MigrationRequest.DEFAULT_STORE_TIMEOUT);
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

  /** A step that nobody waits for, for the tenant still works: tried for some minutes. */
  public A patient() {
    return stub(options(Duration.ofMinutes(15), retries(10)));
  }

  /**
   * A step while the tenant is read-only: tried until it has got nowhere for the store timeout,
   * then the tenant comes back.
   */
  public A step() {
    return stub(options(Duration.ofMinutes(15), retriesWithinTimeout()));
  }

  /**
   * The same for work that grows with the tenant: as long as it makes progress. Some checks begin
   * anew with each attempt, and a throttle may have one read for days.
   */
  public A bulk() {
    return stub(options(Duration.ofDays(30), retriesWithinTimeout()));
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

  /**
   * What follows the tenant's changes while it works, for days if an approval takes so long: tried
   * again after any failure that may pass.
   */
  public A following() {
    return stub(options(Duration.ofDays(365), retries(0)));
  }

  /** What can wait until readers of hours have ended, for nobody is held up by it. */
  public A forHours() {
    return stub(
        options(Duration.ofMinutes(15), retries(0, Duration.ofMinutes(1))).toBuilder()
            .setScheduleToCloseTimeout(Duration.ofHours(4))
            .build());
  }

  private A stub(ActivityOptions options) {
    String taskQueue = Workflow.getInfo().getTaskQueue();
    return Workflow.newActivityStub(type, options, ofEachStep(step -> ofStep(step, taskQueue)));
  }

  /** What is particular to a step: its summary, and its task queue where that is another. */
  private static ActivityOptions ofStep(Step step, String taskQueue) {
    ActivityOptions.Builder options = ActivityOptions.newBuilder().setSummary(step.summary());
    if (step.isBulk()) {
      options.setTaskQueue(TemporalNames.bulkTaskQueue(taskQueue));
    } else if (step.isFollowing()) {
      options.setTaskQueue(TemporalNames.followingTaskQueue(taskQueue));
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
    return retries(attempts, LONGEST_PAUSE);
  }

  /**
   * The worker gives up a step that has got nowhere for the store timeout. What no worker can tell,
   * because it died of the step, ends by the number of attempts.
   */
  private RetryOptions retriesWithinTimeout() {
    Duration longestPause = longestPause(storeTimeout);
    int attempts = 20 + (int) storeTimeout.dividedBy(longestPause);
    return retries(attempts, longestPause);
  }

  /** The longest pause between two attempts at a step that may get nowhere for so long. */
  public static Duration longestPause(Duration storeTimeout) {
    long ninth = storeTimeout.toMillis() / 9;
    return Duration.ofMillis(
        Math.max(FIRST_PAUSE.toMillis(), Math.min(ninth, LONGEST_PAUSE.toMillis())));
  }

  /** {@code attempts} 0 means without end. */
  private static RetryOptions retries(int attempts, Duration longestPause) {
    return RetryOptions.newBuilder()
        .setInitialInterval(FIRST_PAUSE)
        .setBackoffCoefficient(2)
        .setMaximumInterval(longestPause)
        .setMaximumAttempts(attempts)
        .build();
  }
}
