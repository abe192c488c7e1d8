package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.activity.ElasticsearchActivities;
import com.matih.tenantmigration.workflow.activity.KafkaActivities;
import com.matih.tenantmigration.workflow.activity.ObjectStorageActivities;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.activity.RedisActivities;
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

  /** A step that holds the tenant up: tried for some minutes, then the tenant comes back. */
  static Activities forSteps() {
    return of(Duration.ofMinutes(15), retries(10));
  }

  /** Work that grows with the tenant: as long as it moves on, it may take a day. */
  static Activities forBulk() {
    return of(Duration.ofHours(24), retries(20));
  }

  /** The cutover's last act: tried until its outcome is known. */
  static Activities forLastAct() {
    return of(Duration.ofMinutes(2), retries(0));
  }

  /** Undoing: tried for some minutes, then a person is needed. */
  static Activities forCompensation() {
    return of(Duration.ofMinutes(15), retries(12));
  }

  private static Activities of(Duration startToClose, RetryOptions retries) {
    ActivityOptions options =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(startToClose)
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setRetryOptions(retries)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build();
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

  /** Retries with growing pauses of 1 to 30 seconds; {@code attempts} 0 means without end. */
  private static RetryOptions retries(int attempts) {
    return RetryOptions.newBuilder()
        .setInitialInterval(Duration.ofSeconds(1))
        .setBackoffCoefficient(2)
        .setMaximumInterval(Duration.ofSeconds(30))
        .setMaximumAttempts(attempts)
        .build();
  }
}
