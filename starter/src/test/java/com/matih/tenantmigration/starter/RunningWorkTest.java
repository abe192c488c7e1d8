package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import io.temporal.api.common.v1.ActivityType;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Temporal's description of a workflow tells of the times of its activities. */
class RunningWorkTest {

  private static final Instant SCHEDULED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant STARTED = SCHEDULED.plusSeconds(1);
  private static final Instant NEXT = SCHEDULED.plusSeconds(30);

  @Test
  void aTryThatAWorkerIsAtSaysSinceWhen() {
    ActivityProgress step =
        seen(
            pending(PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)
                .setLastStartedTime(time(STARTED)));

    assertThat(step.startedAt()).isEqualTo(STARTED);
    assertThat(step.dueAt()).isNull();
  }

  @Test
  void aTryThatNobodyHasTakenSaysSinceWhenItMayBeTaken() {
    ActivityProgress step = seen(pending(PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED));

    assertThat(step.startedAt()).isNull();
    assertThat(step.dueAt()).isEqualTo(SCHEDULED);
  }

  @Test
  void aTryThatFailedSaysWhenTheNextOneIsDueAndNotWhenItBegan() {
    ActivityProgress step =
        seen(
            pending(PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED)
                .setAttempt(3)
                .setLastStartedTime(time(STARTED))
                .setNextAttemptScheduleTime(time(NEXT)));

    assertThat(step.attempt()).isEqualTo(3);
    assertThat(step.startedAt()).isNull();
    assertThat(step.dueAt()).isEqualTo(NEXT);
  }

  @Test
  void whyATryFailedIsReadByTheKeyThatItIsEncryptedWith() {
    DataConverter converter =
        PayloadEncryption.of(
                Map.of(
                    "TENANT_MIGRATION_PAYLOAD_KEYS",
                    "a=${env:KEY}",
                    "KEY",
                    Base64.getEncoder().encodeToString(new byte[32])))
            .dataConverter();
    PendingActivityInfo.Builder failed =
        pending(PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED)
            .setLastFailure(
                converter.exceptionToFailure(
                    ApplicationFailure.newFailure("The store is full.", "STORE_BLOCKED")));

    assertThat(failed.getLastFailure().getMessage()).isNotEqualTo("The store is full.");
    assertThat(seen(failed, converter).lastFailure()).isEqualTo("The store is full.");
    assertThatThrownBy(() -> seen(failed))
        .hasMessageContaining("encrypted with key 'a', which this process does not have");
  }

  private static PendingActivityInfo.Builder pending(PendingActivityState state) {
    return PendingActivityInfo.newBuilder()
        .setActivityType(ActivityType.newBuilder().setName("CopyRows"))
        .setState(state)
        .setAttempt(1)
        .setScheduledTime(time(SCHEDULED));
  }

  private static ActivityProgress seen(PendingActivityInfo.Builder activity) {
    return seen(activity, PayloadEncryption.of(Map.of()).dataConverter());
  }

  private static ActivityProgress seen(
      PendingActivityInfo.Builder activity, DataConverter converter) {
    return new RunningWork(
            DescribeWorkflowExecutionResponse.newBuilder().addPendingActivities(activity).build(),
            converter)
        .activities()
        .get(0);
  }

  private static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).build();
  }
}
