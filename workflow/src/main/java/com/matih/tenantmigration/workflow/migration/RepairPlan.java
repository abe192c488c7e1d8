package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairStep;
import java.util.List;

/** What a repair would do, each step with what is on record of it. */
final class RepairPlan {

  private static final int NAMED = 20;

  private final RepairFindings found;
  private final String fence;

  /**
   * @param fence what stands of the fence in the shared database, in a sentence
   */
  RepairPlan(RepairFindings found, String fence) {
    this.found = found;
    this.fence = fence;
  }

  /** The steps of the way back. */
  List<RepairStep> back(List<Compensation> steps) {
    return steps.stream()
        .map(step -> new RepairStep(step.name(), RepairStep.Status.PLANNED, onRecord(step)))
        .toList();
  }

  /** What is removed after the cutover. */
  static List<RepairStep> forward(List<Step> steps) {
    return steps.stream()
        .map(step -> new RepairStep(step.activity(), RepairStep.Status.PLANNED, step.summary()))
        .toList();
  }

  private String onRecord(Compensation step) {
    return switch (step) {
      case ROUTE_BACK -> route();
      case RELEASE_FENCE, REMOVE_FENCE -> fence;
      case REACTIVATE_TENANT -> state();
      case DROP_DATABASE, DELETE_OBJECTS, DELETE_TOPICS, DELETE_INDICES, EVICT_CACHE ->
          intents(Step.of(step).store().key());
    };
  }

  private String route() {
    if (!found.routeSwitched()) {
      return "The route was never switched.";
    }
    return found.routeRestored()
        ? "The route was already switched back."
        : "The route points at the dedicated side.";
  }

  private String state() {
    String state = found.state() == null ? "without a row" : found.state();
    return found.readOnlySince() == null
        ? "The tenant is %s; the migration did not change that.".formatted(state)
        : "The tenant is %s; the migration made it read-only at %s."
            .formatted(state, found.readOnlySince());
  }

  private String intents(String store) {
    List<String> names = found.intents().getOrDefault(store, List.of());
    if (names.isEmpty()) {
      return "No dedicated resources were planned.";
    }
    String named = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return "Planned to be created or used: %s%s."
        .formatted(
            named, names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : "");
  }
}
