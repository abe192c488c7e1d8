package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What Temporal shows of a request from the start: without secrets, and the same for ever. */
public final class WorkflowStory {

  private WorkflowStory() {}

  /** One line for lists of workflows. */
  public static String summary(MigrationRequest request) {
    return "%s: %s → %s".formatted(request.tenant(), request.tier().from(), request.tier().to());
  }

  /** Markdown: what moves, from where to where. */
  public static String details(MigrationRequest request) {
    // the UI cuts off a wide table, and shows no code spans
    String places =
        SourcesAndTargets.of(request).rows().stream()
            .map(row -> "- **%s**: %s → %s".formatted(row.get(0), row.get(1), row.get(2)))
            .collect(Collectors.joining("\n"));
    return """
    Tenant **%s** moves from %s to %s.

    %s

    Approval: %s. After a rollback: %s. Snapshot: %s
    """
        .formatted(
            request.tenant(),
            request.tier().from(),
            request.tier().to(),
            places,
            request.approval().name().toLowerCase(Locale.ROOT),
            request.onRollback().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            request.snapshot().location());
  }

  /** What can be read of a workflow without its history. */
  public static Map<String, Object> memo(MigrationRequest request) {
    List<String> stores = new ArrayList<>();
    SourcesAndTargets.of(request).rows().stream()
        .map(row -> row.get(0).replaceFirst(" .*", ""))
        .filter(store -> !stores.contains(store))
        .forEach(stores::add);
    return Map.of(
        "tenant", request.tenant(),
        "tierFrom", request.tier().from(),
        "tierTo", request.tier().to(),
        "stores", stores,
        "approval", request.approval().name());
  }
}
