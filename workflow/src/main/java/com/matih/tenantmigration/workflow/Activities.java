package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.activity.ElasticsearchActivities;
import com.matih.tenantmigration.workflow.activity.KafkaActivities;
import com.matih.tenantmigration.workflow.activity.ObjectStorageActivities;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.activity.RedisActivities;
import com.matih.tenantmigration.workflow.activity.RepairActivities;
import com.matih.tenantmigration.workflow.activity.TenantConfigActivities;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Map;

/**
 * The stubs of one kind of work. All heartbeat twice a second and are waited for when they are
 * cancelled, so that nothing is undone while its writer still runs.
 */
record Activities(
    PostgresActivities postgres,
    ObjectStorageActivities objectStorage,
    KafkaActivities kafka,
    ElasticsearchActivities elasticsearch,
    RedisActivities redis,
    TenantConfigActivities tenantConfig,
    VerificationActivities verification) {

  /** How long a worker may be silent before its work is given to another. */
  static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);

  private static final Map<String, LocalActivityOptions> OF_MOMENTS = Step.summariesOfMoments();

  /** A look that an operator waits for: a few tries, then the store counts as unreachable. */
  static Activities forPreflight() {
    return of(Duration.ofMinutes(10), retries(3));
  }

  /** What takes moments, and costs the history no more than a marker. */
  static Activities forMoments() {
    LocalActivityOptions options =
        LocalActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(20))
            .setRetryOptions(retries(3))
            .setDoNotIncludeArgumentsIntoMarker(true)
            .build();
    return new Activities(
        Workflow.newLocalActivityStub(PostgresActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(ObjectStorageActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(KafkaActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(ElasticsearchActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(RedisActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(TenantConfigActivities.class, options, OF_MOMENTS),
        Workflow.newLocalActivityStub(VerificationActivities.class, options, OF_MOMENTS));
  }

  /** What a repair reads of the control plane, until it answers. */
  static RepairActivities forRepair() {
    return Workflow.newActivityStub(
        RepairActivities.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(40))
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setRetryOptions(retries(0))
            .build(),
        Step.options(TemporalNames.bulkTaskQueue(Workflow.getInfo().getTaskQueue())));
  }

  /** A step that holds the tenant up: tried for some minutes, then the tenant comes back. */
  static Activities forSteps() {
    return of(Duration.ofMinutes(15), retries(10));
  }

  /** Work that grows with the tenant: as long as it moves on, it may take a day. */
  static Activities forBulk() {
    return of(Duration.ofHours(24), retries(20));
  }

  /**
   * What brings a tenant back or activates it: tried until it is done. A try that hangs and the
   * pause after it take less than a minute together, so that the tenant writes again within a
   * minute of the moment that the stores answer.
   */
  static Activities untilDone() {
    return of(options(Duration.ofSeconds(40), retries(0, Duration.ofSeconds(10))));
  }

  /** Removing what the migration created: tried for some minutes, then a person is needed. */
  static Activities forCleaning() {
    return of(Duration.ofMinutes(15), retries(12));
  }

  /** What can wait until readers of hours have ended, for nobody is held up by it. */
  static Activities forHours() {
    return of(
        options(Duration.ofMinutes(15), retries(0, Duration.ofMinutes(1))).toBuilder()
            .setScheduleToCloseTimeout(Duration.ofHours(4))
            .build());
  }

  private static Activities of(Duration startToClose, RetryOptions retries) {
    return of(options(startToClose, retries));
  }

  private static ActivityOptions options(Duration startToClose, RetryOptions retries) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(startToClose)
        .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
        .setRetryOptions(retries)
        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
        .build();
  }

  private static Activities of(ActivityOptions options) {
    Map<String, ActivityOptions> ofSteps =
        Step.options(TemporalNames.bulkTaskQueue(Workflow.getInfo().getTaskQueue()));
    return new Activities(
        Workflow.newActivityStub(PostgresActivities.class, options, ofSteps),
        Workflow.newActivityStub(ObjectStorageActivities.class, options, ofSteps),
        Workflow.newActivityStub(KafkaActivities.class, options, ofSteps),
        Workflow.newActivityStub(ElasticsearchActivities.class, options, ofSteps),
        Workflow.newActivityStub(RedisActivities.class, options, ofSteps),
        Workflow.newActivityStub(TenantConfigActivities.class, options, ofSteps),
        Workflow.newActivityStub(VerificationActivities.class, options, ofSteps));
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
