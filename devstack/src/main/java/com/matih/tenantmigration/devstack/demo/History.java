package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Mode;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Temporal keeps of a migration: little, and no secret. */
final class History {

  /** For a migration that goes through, and for most that do not. */
  private static final int BOUND = 300;

  /** What following and draining each store adds. */
  private static final int ONLINE = 150;

  /** What a rollback adds where all phases came before it, as when the live route fails. */
  private static final int ROLLBACK = 40;

  private History() {}

  /** Reads the history and leaves it as JSON in a folder, for people and for replays. */
  static Claim isSmallAndWithoutSecrets(
      WorkflowClient client, MigrationReport report, Sides sides, Path directory) {
    WorkflowExecutionHistory history = client.fetchHistory(report.workflowId());
    boolean isOnline = report.request() != null && report.request().mode() == Mode.ONLINE;
    int bound = BOUND + (isOnline ? ONLINE : 0) + (report.rollback().isEmpty() ? 0 : ROLLBACK);
    try {
      Files.writeString(directory.resolve("history.json"), history.toJson(true));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the history into " + directory, e);
    }
    int events = history.getEvents().size();
    // payloads are bytes, which the text form shows as they are
    String text = history.getHistory().toString();
    List<String> troubles = new ArrayList<>();
    if (events >= bound) {
      troubles.add("it has %d events: %s".formatted(events, byKind(history)));
    }
    for (Side side : List.of(sides.shared(), sides.dedicated())) {
      if (text.contains(side.pgPassword()) || text.contains(side.s3SecretKey())) {
        troubles.add("a secret of the side %s is in it".formatted(side.name()));
      }
    }
    return Claim.unless(
        troubles,
        "the workflow's history is small and holds no secret",
        "%d events, fewer than %d".formatted(events, bound));
  }

  private static Map<String, Integer> byKind(WorkflowExecutionHistory history) {
    Map<String, Integer> counts = new TreeMap<>();
    history
        .getEvents()
        .forEach(
            event ->
                counts.merge(
                    event.getEventType().name().replace("EVENT_TYPE_", ""), 1, Integer::sum));
    return counts;
  }
}
