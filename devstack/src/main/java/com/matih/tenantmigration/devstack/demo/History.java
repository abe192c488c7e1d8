package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;

/** What Temporal keeps of a migration: little, and no secret. */
final class History {

  private static final int BOUND = 300;

  private History() {}

  static Claim isSmallAndWithoutSecrets(WorkflowClient client, String workflowId, Sides sides) {
    WorkflowExecutionHistory history = client.fetchHistory(workflowId);
    int events = history.getEvents().size();
    // payloads are bytes, which the text form shows as they are
    String text = history.getHistory().toString();
    List<String> troubles = new ArrayList<>();
    if (events >= BOUND) {
      troubles.add("it has %d events".formatted(events));
    }
    for (Side side : List.of(sides.shared(), sides.dedicated())) {
      if (text.contains(side.pgPassword()) || text.contains(side.s3SecretKey())) {
        troubles.add("a secret of the side %s is in it".formatted(side.name()));
      }
    }
    return Claim.unless(
        troubles,
        "the workflow's history is small and holds no secret",
        "%d events, fewer than %d".formatted(events, BOUND));
  }
}
