package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.request.Approval;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** A migration that a test holds in one of its activities while it steers it. */
abstract class HeldMigration {

  final MigrationHarness harness = new MigrationHarness();
  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  final void close() {
    goOn.countDown();
    harness.close();
  }

  /** Starts a migration and holds it in an activity until {@link #goOn}, or a cancel. */
  final TenantMigrationWorkflow startAndReach(String activity) {
    harness.activities.hold(activity, reached, goOn);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.AUTOMATIC));
    ScriptedActivities.await(reached);
    awaitOthersEnded();
    return workflow;
  }

  /** Starts a migration whose activity fails as soon as it is cancelled, and waits for it. */
  final TenantMigrationWorkflow startAndReachOneThatBreaks(String activity) {
    harness.activities.breakWhenCancelled(activity, reached);
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.AUTOMATIC));
    ScriptedActivities.await(reached);
    awaitOthersEnded();
    return workflow;
  }

  /**
   * Waits until only the held activity runs: the test server, unlike a real one, rejects a cancel
   * that crosses an activity's end.
   */
  final void awaitOthersEnded() {
    int before = -1;
    for (int i = 0; i < 100 && before != harness.activities.ended().size(); i++) {
      before = harness.activities.ended().size();
      ScriptedActivities.pause(Duration.ofMillis(150));
    }
  }

  final List<Map<String, String>> audited(String event, String outcome) {
    return harness.activities.audit().stream()
        .filter(entry -> entry.event().equals(event) && entry.outcome().equals(outcome))
        .map(Entry::details)
        .toList();
  }
}
