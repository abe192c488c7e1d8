package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a control plane that is gone for long costs a migration's history. */
@Order(1) // it takes longest
class LongOutageTest extends HeldMigration {

  /** A task that waits for its local activity is renewed, which is three events each time. */
  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aControlPlaneThatIsGoneForLongCostsTheHistoryLittle() {
    AtomicLong goneSince = new AtomicLong();
    CountDownLatch gone = new CountDownLatch(1);
    harness.activities.on(
        "RecordProgress",
        () -> {
          boolean copied = harness.activities.ended().contains("TakeSnapshot");
          if (copied && goneSince.compareAndSet(0, System.nanoTime())) {
            gone.countDown();
          }
          if (copied && System.nanoTime() - goneSince.get() < TimeUnit.SECONDS.toNanos(50)) {
            throw ApplicationFailure.newFailure(
                "the control plane is gone", FailureType.STORE_UNREACHABLE.name());
          }
          return "";
        });
    harness.start(MigrationHarness.request(Approval.AUTOMATIC));
    ScriptedActivities.await(gone);
    int before = events();
    ScriptedActivities.pause(Duration.ofSeconds(45));

    assertThat(events() - before).isLessThan(12);
    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  private int events() {
    return harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents().size();
  }
}
